/**
 * How many children may run at once in this process. Each may take a whole processor and 300 MB, so more of them would
 * slow down all and gain nothing. This is the only state in this folder: it guards the machine, which all runs share.
 */
const MAX_AT_ONCE = 4;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Runs `work` when a slot is free, in order of asking.
 *
 * @throws what `signal` was aborted with, without waiting for a slot.
 */
export async function withSlot<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  if (running >= MAX_AT_ONCE) await turn(signal);
  else running += 1;
  try {
    return await work();
  } finally {
    // A slot is handed to the next in line. It is never freed for all to compete for.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

function turn(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      waiting.splice(waiting.indexOf(take), 1);
      reject(signal.reason);
    };
    const take = (): void => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    waiting.push(take);
  });
}
