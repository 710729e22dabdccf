import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { giveWayOnceBusy } from '../give-way.ts';
import { type ChildOptions, commandFor, MAKES_SESSION, TOOLS, type Wall } from '../walls.ts';
import type { Job } from './jobs.ts';
import type { Answer } from './messages.ts';

/** Starts a child behind a wall. It waits for its input. */
export function startChild(wall: Wall, options: Omit<ChildOptions, 'node'>): ChildProcessWithoutNullStreams {
  const { file, args } = commandFor(wall, { ...options, node: process.execPath });
  return spawn(file, args, {
    cwd: '/',
    env: { PATH: TOOLS },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: !MAKES_SESSION,
  });
}

/** Gives a child that waits for its input a job, and ends the child whatever happens. */
export async function converse(
  child: ChildProcessWithoutNullStreams,
  { stdin, withinMs, maxAnswerBytes }: Pick<Job, 'stdin' | 'withinMs' | 'maxAnswerBytes'>,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let noise = '';
    let verdict: Answer | null = null;
    const end = (): void => {
      if (child.exitCode === null && child.signalCode === null) endAll(child);
      // Whatever is left of it keeps its pipes open no longer.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const stop = (why: Answer): void => {
      verdict ??= why;
      end();
    };
    const timer = setTimeout(() => stop({ kind: 'timeout' }), withinMs);
    const stopWatching = giveWayOnceBusy(child.pid);
    signal.addEventListener('abort', end, { once: true });

    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxAnswerBytes) stop({ kind: 'output' });
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (noise.length < 4096) noise += chunk.toString('latin1');
    });
    // A child that dies early closes its input; its exit status says why.
    child.stdin.on('error', () => {});
    for (const part of stdin) child.stdin.write(part);
    child.stdin.end();

    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      stopWatching();
      signal.removeEventListener('abort', end);
      resolve(answer);
    };
    const answerOf = (code: number | null, exitSignal: NodeJS.Signals | null): Answer => {
      if (verdict !== null) return verdict;
      if (code === 0) return { kind: 'answered', bytes: Buffer.concat(chunks) };
      return deathOf(code, exitSignal, noise);
    };
    child.on('error', (error) => finish({ kind: 'crashed', why: error.message }));
    child.on('close', (code, exitSignal) => finish(answerOf(code, exitSignal)));
    child.on('exit', (code) => {
      stopWatching();
      if (code !== 0) endAll(child);
    });
  });
}

/**
 * Ends a child with all that its wall has started. A wall that is killed while it starts a process does not end that one,
 * which then waits for the wall forever and keeps the child's pipes open.
 */
export function endAll(child: ChildProcessWithoutNullStreams): void {
  child.kill('SIGKILL');
  try {
    // Its session is its own, so its group is, too.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing is left of it, or it has no session of its own yet.
  }
}

/** Why a child ended. Wrappers report a signal as 128 plus its number. */
function deathOf(code: number | null, signal: NodeJS.Signals | null, noise: string): Answer {
  if (/out of memory|allocation fail|bad_alloc/i.test(noise)) return { kind: 'memory' };
  if (signal === 'SIGXCPU' || code === 128 + 24) return { kind: 'timeout' };
  const how = signal ?? `exit code ${code}`;
  return { kind: 'crashed', why: `${how}${noise === '' ? '' : `: ${noise.trim().split('\n')[0]?.slice(0, 200)}`}` };
}
