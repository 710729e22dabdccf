import type { SharedRate } from '../../integrations/context.ts';
import { NodeError } from '../../integrations/error.ts';
import { pauseAskedFor } from '../../integrations/rate-headers.ts';
import type { SharedLimit } from '../../integrations/rate-limit.ts';
import type { Bucket, Lines } from '../../pace/index.ts';

/** What a step waits for before it begins. */
export interface Limited {
  readonly pace: Lines;
  readonly workspace: string;
  readonly limits: readonly SharedLimit[];
  readonly signal: AbortSignal;
}

/** A step that would have to wait longer occupies a place that others need. */
const MOMENT_MS = 5_000;

/** In the middle of its work, a step cannot come again, so that it waits longer. */
const AT_WORK_MS = 60_000;

/** The turn of a step has not come. */
export class NotYet extends Error {
  readonly limit: SharedLimit;
  readonly afterMs: number;

  constructor(limit: SharedLimit, afterMs: number) {
    super(`Waits for its turn: the rate limit of ${limit.of} allows no call before that.`);
    this.limit = limit;
    this.afterMs = Math.ceil(afterMs);
  }
}

/**
 * Waits until a step may begin, but only for a moment.
 *
 * @param how.returns the step has waited elsewhere
 * @throws NotYet; the reason of the signal
 */
export async function takeFirstTurn(limited: Limited, how: { returns: boolean; attemptMs: number }): Promise<void> {
  // The wait is a part of the attempt, and must leave time for the work. Whoever others overtake may wait twice as long.
  const patienceMs = Math.min(MOMENT_MS, how.attemptMs / 4);
  await takeAll(limited, { returns: how.returns, patienceMs }, (limit, afterMs) => new NotYet(limit, afterMs));
}

/** Takes a turn of each limit, or of none: whoever cannot go on leaves the turns that it has to others. */
async function takeAll(
  limited: Limited,
  waits: { returns: boolean; patienceMs: number },
  refusal: (limit: SharedLimit, afterMs: number) => Error,
): Promise<void> {
  const { pace, limits, signal } = limited;
  const taken: { readonly bucket: Bucket; readonly at: number }[] = [];
  try {
    for (const limit of limits) {
      const bucket = bucketOf(limited, limit);
      const afterMs = await pace.turn(bucket, { ...waits, signal });
      if (afterMs > 0) throw refusal(limit, afterMs);
      taken.push({ bucket, at: performance.now() });
    }
  } catch (error) {
    const now = performance.now();
    // A turn that is lost costs others a moment, and this step no more than that.
    await Promise.all(taken.map(({ bucket, at }) => pace.giveBack(bucket, now - at).catch(() => undefined)));
    throw error;
  }
}

/** The rate as the code of a provider sees it. @param given turns that were taken already */
export function sharedRate(limited: Limited, given: number): SharedRate {
  let left = given;
  return {
    turn: async () => {
      if (left-- > 0) return;
      await takeAll(limited, { returns: true, patienceMs: AT_WORK_MS }, refused);
    },
    heed: async (answer) => {
      if (limited.limits.length === 0) return;
      for (const limit of limited.limits) limited.pace.answered(bucketOf(limited, limit));
      const ms = pauseAskedFor(answer);
      // A channel's own limit was met, if it has one, and not that of the whole connection.
      if (ms === 0) return;
      // The call was answered: what its answer asks for may get lost, but never the answer.
      await limited.pace.pause(bucketOf(limited, limited.limits[0]!), ms).catch(() => undefined);
    },
  };
}

const bucketOf = ({ workspace }: Limited, { key, rate }: SharedLimit): Bucket => ({ workspace, key, rate });

const refused = (limit: SharedLimit, afterMs: number): NodeError =>
  new NodeError(
    'rate.limited',
    `The rate limit of ${limit.of} allows no further call for ${Math.ceil(afterMs / 1_000)} s.`,
    {
      retryable: true,
      // Earlier calls of the same attempt may have had their effects.
      unknown: true,
      retryAfterMs: Math.ceil(afterMs),
    },
  );
