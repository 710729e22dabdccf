import type { Logger } from 'pino';
import type { Alarm } from '../alarm.ts';
import type { Rounds } from '../rounds.ts';

/** Work that an API process repeats in the background. */
export interface RepeatedWork {
  /** What the log calls it. */
  readonly name: string;
  readonly everyMs: number;
  /** Pause before the first round; default `everyMs`. */
  readonly firstMs?: number;
  /** Asks for a round at once. */
  readonly alarm?: Alarm;
  readonly work: () => Promise<unknown>;
}

/**
 * Repeats work, with a pause after each round. A round that fails is logged, and the next one runs as usual.
 *
 * @returns a function that stops the work; its promise resolves when the current round is over
 */
export function repeat(
  { log, rounds }: { readonly log: Logger; readonly rounds?: Rounds },
  { name, everyMs, firstMs = everyMs, alarm, work }: RepeatedWork,
): () => Promise<void> {
  let timer: NodeJS.Timeout;
  let round = Promise.resolve();
  let stopped = false;
  let isWorking = false;
  let isAsked = false;
  const next = (pauseMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isWorking = true;
      isAsked = false;
      const begun = performance.now();
      const note = (ok: boolean) =>
        rounds?.note({ name, ok, at: new Date().toISOString(), ms: Math.round(performance.now() - begun) });
      round = work()
        .then(() => note(true))
        .catch((error) => {
          note(false);
          log.warn({ err: error }, `${name} failed; tried again in a moment`);
        })
        .then(() => {
          isWorking = false;
          if (!stopped) next(isAsked ? 0 : everyMs);
        });
    }, pauseMs);
    timer.unref();
  };
  next(firstMs);
  alarm?.listen(() => {
    if (isWorking) isAsked = true;
    else if (!stopped) next(0);
  });
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await round;
  };
}
