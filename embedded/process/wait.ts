/** Waiting for a condition of the outside world that has no event to wait for. */

/**
 * Calls `probe` until it answers something other than undefined or false, every `everyMs` milliseconds.
 * @returns the answer, or undefined once `withinMs` have passed or the signal is aborted
 */
export async function until<T>(
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  { withinMs, everyMs = 50, signal }: { withinMs: number; everyMs?: number; signal?: AbortSignal },
): Promise<T | undefined> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() >= end || signal?.aborted) return undefined;
    await pause(everyMs, signal);
  }
}

/** Resolves after `ms` milliseconds, or as soon as the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done);
  });
}
