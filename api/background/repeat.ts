import type { Logger } from 'pino';

/** Work that an API process does again and again beside answering requests. */
export interface RepeatedWork {
  /** What the log calls it. */
  readonly name: string;
  readonly everyMs: number;
  /** Pause before the first round; default `everyMs`. */
  readonly firstMs?: number;
  readonly work: () => Promise<unknown>;
}

/**
 * Does work again and again, with a pause after each round. A round that fails is logged, and the next one comes as usual.
 *
 * @returns stops it; resolves when the round under way is over
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
