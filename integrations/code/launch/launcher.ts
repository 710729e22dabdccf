import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Wall } from '../walls.ts';
import type { Answer, FromLauncher, ParserProgram, Program, ToLauncher } from './messages.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
/** The launcher holds what its children read and say, and little else. */
const FLAGS = ['--disable-warning=ExperimentalWarning', '--disable-sigusr1', '--max-semi-space-size=4'];

interface Launcher {
  readonly process: ChildProcess;
  readonly waiting: Map<number, (answer: Answer) => void>;
}

let launcher: Launcher | undefined;
let lastId = 0;

/** The launcher of this process, started when it is first needed, and again if it has ended. */
function currentLauncher(): Launcher {
  if (launcher) return launcher;
  const started: Launcher = {
    process: fork(MAIN, {
      execArgv: FLAGS,
      env: {},
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // Bytes travel as they are.
      serialization: 'advanced',
    }),
    waiting: new Map(),
  };
  const end = (why: string): void => {
    if (launcher === started) launcher = undefined;
    for (const settle of started.waiting.values()) settle({ kind: 'crashed', why });
    started.waiting.clear();
  };
  started.process.on('message', ({ id, answer }: FromLauncher) => started.waiting.get(id)?.(answer));
  started.process.on('exit', (code, signal) => end(`the process that starts scripts ended: ${signal ?? code}`));
  started.process.on('error', ({ message }) => end(message));
  launcher = started;
  return started;
}

/** The launcher keeps this process alive only while somebody waits for an answer. */
function keepAlive({ process, waiting }: Launcher): void {
  const how = waiting.size > 0 ? 'ref' : 'unref';
  process[how]();
  process.channel?.[how]();
}

/**
 * Runs a program in a fresh child behind a wall, and ends the child whatever happens. The child is started by a process of
 * its own, so that this one does not stand still.
 *
 * @throws what `signal` was aborted with
 */
export async function launch(wall: Wall, program: Program | ParserProgram, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted();
  const used = currentLauncher();
  const id = ++lastId;
  const tell = (message: ToLauncher): void => void used.process.send(message, () => undefined);
  const abort = (): void => tell({ id, abort: true });
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await new Promise<Answer>((resolve) => {
      used.waiting.set(id, resolve);
      keepAlive(used);
      tell({ id, wall, program });
    });
  } finally {
    used.waiting.delete(id);
    keepAlive(used);
    signal.removeEventListener('abort', abort);
    signal.throwIfAborted();
  }
}
