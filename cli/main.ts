import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { createClient } from './client.ts';
import type { CliContext } from './context.ts';
import { runCli } from './program.ts';
import { createScreen } from './screen.ts';

const { BLOK_API, NO_COLOR, PORT } = process.env;
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

process.exitCode = await runCli(ctx, process.argv.slice(2));

/** Name of the account; a container's user may not have one. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'cli';
  }
}
