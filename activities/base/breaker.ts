import { isDatabaseAway } from '../../db/index.ts';

/** Keeps work away from a database that does not answer, so that the callers are not held up. */
export interface Breaker {
  /**
   * Does work in the database, unless work has failed several times in a row. Then no work is done for a while, and
   * after that one piece of work at a time until one succeeds.
   *
   * @throws BreakerOpen if nothing was done; StoreSilent if there was no answer in time, although the work may still be
   *   done; what the work throws
   */
  guard<T>(work: () => Promise<T>): Promise<T>;
}

export class BreakerOpen extends Error {
  constructor() {
    super('The database has not answered for a while.');
  }
}

export class StoreSilent extends Error {
  constructor(ms: number) {
    super(`The database has not answered within ${ms} ms.`);
  }
}

export interface BreakerOptions {
  /** Failures in a row that open the breaker. */
  readonly failures?: number;
  /** How long to wait for an answer. */
  readonly patienceMs?: number;
  /** How long nothing is done once the breaker is open. */
  readonly restMs?: number;
  readonly now?: () => number;
}

export function createBreaker(options: BreakerOptions = {}): Breaker {
  const { failures = 3, patienceMs = 1_200, restMs = 10_000, now = Date.now } = options;
  let inRow = 0;
  let restsUntil = 0;
  let probing = false;

  const failed = (): void => {
    inRow++;
    if (inRow >= failures) restsUntil = now() + restMs;
  };

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new StoreSilent(patienceMs)), patienceMs);
    });
    try {
      const result = await Promise.race([work(), silence]);
      inRow = 0;
      return result;
    } catch (error) {
      // Any other error is an answer, too.
      if (error instanceof StoreSilent || isDatabaseAway(error)) failed();
      else inRow = 0;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    guard: async (work) => {
      if (inRow < failures) return attempt(work);
      if (now() < restsUntil || probing) throw new BreakerOpen();
      probing = true;
      return attempt(work).finally(() => {
        probing = false;
      });
    },
  };
}
