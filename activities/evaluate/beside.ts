import { Worker } from 'node:worker_threads';
import { DataError } from '../../graph/data/index.ts';
import { ExpressionError } from '../../graph/expression/index.ts';
import { NodeError } from '../../integrations/error.ts';
import { createTurns } from '../turns/turns.ts';
import type { Computation } from './compute.ts';
import type { Computed } from './thread.ts';

/** One at a time, because each takes a processor. Runs take turns. */
const ONE = { places: 1, longPlaces: 1, shortPlaces: 0, longAfterMs: 60_000 };

/** Most memory of a computation, in megabytes: its data, several times. */
const MOST_MB = 1_024;

/**
 * Does a long computation in a thread.
 *
 * @param load reads its data, once its turn has come: those in line hold none
 * @throws ExpressionError, DataError as in `compute`; NodeError `data.tooLarge`; the reason of the signal
 */
export type Beside = (
  load: () => Promise<Computation>,
  of: { readonly workspace: string; readonly runId: string },
  signal: AbortSignal,
) => Promise<unknown>;

/** Threads for one worker. */
export function createBeside(): Beside {
  const turns = createTurns(ONE);
  let number = 0;
  return (load, { workspace, runId }, signal) => {
    // A name of its own: how long one took says nothing of the next, and runs take turns.
    const work = String(number++);
    return turns.take({ workspace, runId, work, inCrowd: false }, { signal, mayRestart: true }, async (ended) =>
      inThread(await load(), ended),
    );
  };
}

async function inThread(computation: Computation, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  const thread = new Worker(new URL('thread.ts', import.meta.url), {
    workerData: computation,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MB },
  });
  const done = Promise.withResolvers<Computed>();
  const stop = (): void => done.reject(signal.reason);
  signal.addEventListener('abort', stop);
  thread.once('message', done.resolve);
  thread.on('error', (error) => done.reject(isFull(error) ? tooLarge() : error));
  thread.once('exit', () => done.reject(new Error('The thread of a computation has ended.')));
  try {
    return resultOf(await done.promise);
  } finally {
    signal.removeEventListener('abort', stop);
    void thread.terminate();
  }
}

function resultOf(computed: Computed): unknown {
  if ('value' in computed) return computed.value;
  if ('data' in computed) throw new DataError(computed.data);
  const { reason, message, position } = computed.expression;
  throw new ExpressionError(reason, message, position);
}

const isFull = (error: Error & { code?: string }): boolean => error.code === 'ERR_WORKER_OUT_OF_MEMORY';

const tooLarge = (): NodeError =>
  new NodeError('data.tooLarge', `The computation needs more than ${MOST_MB} MB of memory. Let it read less.`);
