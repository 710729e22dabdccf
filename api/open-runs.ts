import { areOpen, type Tenant } from '../db/index.ts';

/** Whether a workspace has room for another run. */
export interface OpenRuns {
  /** Asked once before each start. */
  hasRoom(): Promise<boolean>;
}

export interface OpenRunsOptions {
  readonly max: number;
  readonly tenant: <T>(fn: (tx: Tenant) => Promise<T>) => Promise<T>;
  readonly now?: () => number;
}

/** What was found is relied on for this long. */
const RELIED_ON_MS = 5_000;
/** A workspace that is full is looked at again after this long. */
const FULL_MS = 1_000;

/**
 * Limits how many runs of a workspace are open. Far below the limit, starts do not wait: the database is asked in the
 * background whether nine tenths are open. Only beyond that, each start asks first.
 */
export function createOpenRuns({ max, tenant, now = Date.now }: OpenRunsOptions): OpenRuns {
  const slack = Math.ceil(max / 10);
  const holds = (count: number): Promise<boolean> => tenant((tx) => areOpen(tx, { count: Math.max(1, count) }));
  let isNear = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let since = 0;
  let looking = false;
  let fullUntil = 0;

  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    const startsBefore = since;
    try {
      isNear = await holds(max - slack);
      since -= startsBefore;
    } catch {
      // Without the database, starts go on: Temporal alone decides about them.
    } finally {
      lookedAt = now();
      looking = false;
    }
  };

  return {
    hasRoom: async () => {
      if (now() < fullUntil) return false;
      if (now() - lookedAt > RELIED_ON_MS || since >= slack / 2) void look();
      since++;
      if (!isNear && since <= slack) return true;
      const full = await holds(max).catch(() => false);
      if (full) fullUntil = now() + FULL_MS;
      return !full;
    },
  };
}
