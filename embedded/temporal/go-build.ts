/** Builds Temporal's programs with Go, from our own `go.mod` that pins their versions, and shows progress. */
import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../process/find-program.ts';
import type { Progress } from '../programs/progress.ts';

/** What to build. */
export interface GoBuild {
  /** Folder with the `go.mod`, below `servers/`. */
  readonly module: string;
  /** Import path of the program; `.` is the module itself. */
  readonly program: string;
  /** Where the executable goes. */
  readonly output: string;
  /** Uses only idle processor time, if the system can do that. */
  readonly gently?: boolean;
}

/** Version of Go on this machine, or undefined if there is none. */
export function goVersion(): string | undefined {
  try {
    return execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/**
 * Builds one program.
 * @throws Error with the end of Go's output
 */
export async function goBuild(
  { module, program, output, gently }: GoBuild,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const cwd = fileURLToPath(new URL(`../../servers/${module}/`, import.meta.url));
  const flags = ['-v', '-o', output, '-ldflags', '-s -w'];
  // Our module is not part of a Go workspace that may surround the project, and needs no C compiler.
  const env = { ...process.env, GOWORK: 'off', CGO_ENABLED: '0', GOFLAGS: '' };
  const command = [...(gently && findProgram('nice') ? ['nice', '-n', '19'] : []), 'go', 'build', ...flags, program];
  const child = spawn(command[0]!, command.slice(1), { cwd, env, signal, stdio: ['ignore', 'ignore', 'pipe'] });
  const last: string[] = [];
  let downloaded = 0;
  let compiled = 0;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('go: downloading ')) progress.update(`downloading, ${++downloaded} modules so far`);
    else if (/^[\w.-]+(\/[\w.~-]+)*$/.test(line)) progress.update(`compiling, ${++compiled} packages so far`);
    else last.push(line);
  });
  const stop = () => child.kill();
  process.once('exit', stop);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`go build of ${program} failed:\n${last.slice(-12).join('\n')}`);
  } finally {
    process.removeListener('exit', stop);
  }
}
