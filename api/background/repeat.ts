import type { Logger } from 'pino';

/** Work that an API process repeats in the background. */
export interface RepeatedWork {
  /** What the log calls it. */
  readonly name: string;
  readonly everyMs: number;
  /** Pause before the first round; default `everyMs`. */
  readonly firstMs?: number;
  readonly work: () => Promise<unknown>;
}

/**
 * Repeats work, with a pause after each round. A round that fails is logged, and the next one runs as usual.
 *
 * @returns a function that stops the work; its promise resolves when the current round is over
 */
export function repeat(
  { log }: { readonly log: Logger },
  { name, everyMs, firstMs = everyMs, work }: RepeatedWork,
): () => Promise<void> {
  let timer: NodeJS.Timeout;
  let round = Promise.resolve();
  let stopped = false;
  const next = (pauseMs: number) => {
    timer = setTimeout(() => {
      round = work()
        .then(() => undefined)
        .catch((error) => log.warn({ err: error }, `${name} failed; tried again in a moment`))
        .then(() => {
          if (!stopped) next(everyMs);
        });
    }, pauseMs);
    timer.unref();
  };
  next(firstMs);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await round;
  };
}
