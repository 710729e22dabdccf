/** Child processes of a worker, each for one activity at a time. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type ChildSettings, type FromChild, type Job, received, type ToChild } from './messages.ts';

/** The process ended while it ran an activity, and nobody had asked it to end. */
export class ChildDied extends Error {}

/** There was no process to run the activity in. Nothing has happened. */
export class ChildNotStarted extends Error {}

/** A place for a process, taken until something has run there, once. */
export interface Child {
  /**
   * @param beat is given the heartbeats of the activity
   * @throws ChildDied; ChildNotStarted; what the activity throws
   */
  run(job: Job, signal: AbortSignal, beat: Beat): Promise<unknown>;
}

/** Takes what an activity notes for its next attempt. */
export type Beat = (details: unknown) => void;

export interface Children {
  /** A place, or undefined if none was free for that long. */
  take(waitMs: number): Promise<Child | undefined>;
  close(): void;
}

/** They take memory, and there is seldom more than one suspect at a time. */
const MOST = 3;

/** A process that nobody needs ends. */
const IDLE_MS = 30_000;

/** How long a process may take to be ready. */
const READY_MS = 30_000;

/** How long a cancelled activity may take to end, before its process is ended. */
const CANCEL_MS = 10_000;

/** @param program what the processes run */
export function createChildren(settings: ChildSettings, program = new URL('./main.ts', import.meta.url)): Children {
  const idle = new Map<ChildProcess, NodeJS.Timeout>();
  const all = new Set<ChildProcess>();
  const queue: (() => void)[] = [];
  let taken = 0;

  const started = async (): Promise<ChildProcess> => {
    const child = fork(fileURLToPath(program), { serialization: 'advanced' });
    all.add(child);
    child.once('exit', () => {
      all.delete(child);
      clearTimeout(idle.get(child));
      idle.delete(child);
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), READY_MS);
    try {
      tell(child, { type: 'open', settings });
      await answer(child);
      return child;
    } catch (error) {
      throw new ChildNotStarted('A process for a suspected step did not start.', { cause: error });
    } finally {
      clearTimeout(timer);
    }
  };
  const rest = (child: ChildProcess): void => {
    if (all.has(child))
      idle.set(
        child,
        setTimeout(() => child.kill('SIGKILL'), IDLE_MS),
      );
  };
  const giveBack = (): void => {
    taken--;
    queue.shift()?.();
  };
  const run = async (job: Job, signal: AbortSignal, beat: Beat): Promise<unknown> => {
    const [waiting] = idle.keys();
    if (waiting) {
      clearTimeout(idle.get(waiting));
      idle.delete(waiting);
    }
    const child = waiting ?? (await started());
    try {
      return await runIn(child, job, { signal, beat });
    } finally {
      rest(child);
    }
  };
  return {
    take: async (waitMs) => {
      const until = Date.now() + waitMs;
      while (taken >= MOST) {
        if (!(await turn(queue, until - Date.now()))) return undefined;
      }
      taken++;
      return { run: (...one) => run(...one).finally(giveBack) };
    },
    close: () => {
      for (const child of all) child.kill('SIGKILL');
    },
  };
}

/** Waits until a process may be free. @returns false if the time is up */
function turn(queue: (() => void)[], ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const go = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(() => {
      queue.splice(queue.indexOf(go), 1);
      resolve(false);
    }, ms);
    queue.push(go);
  });
}

const tell = (child: ChildProcess, message: ToChild): void => void child.send(message, () => undefined);

async function runIn(
  child: ChildProcess,
  job: Job,
  { signal, beat }: { signal: AbortSignal; beat: Beat },
): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    tell(child, { type: 'cancel', reason: signal.reason instanceof Error ? signal.reason.message : 'CANCELLED' });
    timer = setTimeout(() => child.kill('SIGKILL'), CANCEL_MS);
  };
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  try {
    const answered = answer(child, beat);
    tell(child, { type: 'run', job });
    const message = await answered;
    if (message.type === 'failed') throw received(message.failure);
    return message.type === 'done' ? message.result : undefined;
  } catch (error) {
    // It was ended because it did not end in time.
    if (error instanceof ChildDied && signal.aborted) throw signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}

/** The next message of a process that is no heartbeat. @throws ChildDied if the process ends first */
function answer(child: ChildProcess, beat: Beat = () => undefined): Promise<FromChild> {
  return new Promise((resolve, reject) => {
    const hear = (message: FromChild): void => {
      if (message.type === 'beat') return beat(message.details);
      child.off('message', hear);
      child.off('exit', end);
      resolve(message);
    };
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      child.off('message', hear);
      reject(new ChildDied(signal ? `killed by ${signal}` : `exit code ${code}`));
    };
    child.on('message', hear);
    child.once('exit', end);
  });
}
