/** Runs `blok` for tests, in the folder of the examples. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../cli/client.ts';
import { importModule } from '../../cli/code/import-module.ts';
import { listFolder } from '../../cli/list-folder.ts';
import { runCli } from '../../cli/program.ts';
import { listFiles } from '../../cli/terminal.ts';
import { EXAMPLES } from './case.ts';

/** How a command line ended, and what it printed. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `blok` in its own process, as a person does. */
export function runProcess(api: string, argv: readonly string[]): Promise<Ended> {
  const main = join(EXAMPLES, '..', 'cli', 'main.ts');
  const options = { cwd: EXAMPLES, env: { ...process.env, BLOK_API: api }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...argv], options, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, err });
    });
  });
}

/** Runs `blok` in this process, for tests that start many and cannot wait for processes. */
export async function runHere(api: string, argv: readonly string[]): Promise<Ended> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(
    {
      client: createClient({ baseUrl: api }),
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
      screen: null,
      colours: false,
      readFile: (path) => readFile(resolve(EXAMPLES, path)),
      writeFile: (path, text) => writeFile(resolve(EXAMPLES, path), text),
      createFile: (path, text) => writeFile(resolve(EXAMPLES, path), text, { flag: 'wx' }),
      runNode: () => Promise.reject(new Error('no process is started here')),
      root: resolve(EXAMPLES, '..'),
      listFolder: (path) => listFolder(resolve(EXAMPLES, path)),
      importModule: (path, provided) => importModule(resolve(EXAMPLES, path), provided),
      listFiles: (folder) => listFiles(resolve(EXAMPLES, folder)),
      makeFolder: async (path) => void (await mkdir(resolve(EXAMPLES, path), { recursive: true })),
      confirm: null,
      user: 'test',
      now: Date.now,
      sleep: (ms) => sleep(ms),
      interrupted: new AbortController().signal,
      newKey: randomUUID,
    },
    argv,
  );
  return { code, out: out.join('\n'), err: err.join('\n') };
}
