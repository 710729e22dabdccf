import type { Turns } from './pacing.ts';

/** Asks once for all who come while an earlier question is open, so that a crowd costs a few questions. */
export function together(ask: (count: number) => Promise<Turns>): () => Promise<number> {
  let waiting: PromiseWithResolvers<number>[] = [];
  let isAsking = false;
  const askForAll = async (): Promise<void> => {
    isAsking = true;
    while (waiting.length > 0) {
      const asked = waiting;
      waiting = [];
      try {
        const { inMs, gapMs } = await ask(asked.length);
        for (const [index, one] of asked.entries()) one.resolve(inMs + index * gapMs);
      } catch (error) {
        for (const one of asked) one.reject(error);
      }
    }
    isAsking = false;
  };
  return () => {
    const one = Promise.withResolvers<number>();
    waiting.push(one);
    if (!isAsking) void askForAll();
    return one.promise;
  };
}
