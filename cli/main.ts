import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createClient } from './client.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './errors.ts';
import { listFolder } from './list-folder.ts';
import { runCli } from './program.ts';
import { createScreen } from './screen.ts';
import { confirm, listFiles } from './terminal.ts';

const { BLOK_API, BLOK_NODES, NO_COLOR, PORT } = process.env;
const interrupt = new AbortController();
// The second Ctrl-C finds no handler and ends the process at once.
process.once('SIGINT', () => interrupt.abort());
// A reader such as `head` that closes the pipe is not our failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const ctx: CliContext = {
  client: createClient({ baseUrl: BLOK_API ?? `http://127.0.0.1:${PORT ?? 4400}` }),
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  screen: process.stderr.isTTY ? createScreen(process.stderr) : null,
  colours: process.stdout.isTTY === true && !NO_COLOR,
  readFile: (path) => readFile(path),
  writeFile: (path, text) => writeFile(path, text),
  createFile: async (path, text) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  },
  runNode: async (args) => {
    const { spawn } = await import('node:child_process');
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, { stdio: 'inherit' });
      child.on('error', reject).on('close', (code) => resolve(code ?? 1));
    });
  },
  root: dirname(import.meta.dirname),
  ...(BLOK_NODES && { ownNodes: BLOK_NODES }),
  listFolder,
  importModule: async (path, provided) => (await import('./code/import-module.ts')).importModule(path, provided),
  listFiles,
  makeFolder: async (path) => void (await mkdir(path, { recursive: true })),
  confirm: process.stdin.isTTY && process.stderr.isTTY ? confirm : null,
  user: userName(),
  now: () => Date.now(),
  sleep: (ms) =>
    setTimeout(ms, undefined, { signal: interrupt.signal }).then(
      () => undefined,
      () => undefined,
    ),
  interrupted: interrupt.signal,
  newKey: () => crypto.randomUUID(),
};

const argv = process.argv.slice(2);
// A node that is being written may be broken: the commands that write and test it do not load it.
const writesNodes = argv[0] === 'nodes' && ['new', 'test'].includes(argv[1] ?? '');
if (BLOK_NODES && !writesNodes) {
  const { loadOwnNodes } = await import('../integrations/own-nodes/load.ts');
  await loadOwnNodes(BLOK_NODES).catch((error: Error) => {
    console.error(error.message);
    process.exit(EXIT.badInput);
  });
}
process.exitCode = await runCli(ctx, argv);

/** Name of the account; a container's user may not have one. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'cli';
  }
}
