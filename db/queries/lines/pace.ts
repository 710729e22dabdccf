import { hash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { pace } from '../../schema/index.ts';

/** The state of a bucket, as `pace/pacing.ts` explains it. */
export interface PaceState {
  readonly paidAt: number;
  readonly tailAt: number;
  readonly beganAt: number;
}

/**
 * Changes a bucket, by the database's clock. The row is locked meanwhile, so there is one order of changes.
 *
 * @param input.key of any length: its hash is stored
 */
export async function changePace<T>(
  tx: Tenant,
  input: { key: string; change: (state: PaceState, now: number) => [PaceState, T] },
): Promise<T> {
  const key = hash('sha256', input.key);
  const isRow = and(eq(pace.workspaceId, tx.workspace), eq(pace.key, key));
  const read = async () => {
    const [row] = await tx.db
      .select({ paidAt: pace.paidAt, tailAt: pace.tailAt, beganAt: pace.beganAt, now: CLOCK })
      .from(pace)
      .where(isRow)
      .for('update');
    return row;
  };
  let row = await read();
  if (!row) {
    const unused = { paidAt: 0, tailAt: 0, beganAt: 0, changedAt: sql`now()` };
    await tx.db
      .insert(pace)
      .values({ workspaceId: tx.workspace, key, ...unused })
      .onConflictDoNothing();
    row = await read();
  }
  const { now, ...state } = row!;
  const [next, told] = input.change(state, now);
  if (next !== state)
    await tx.db
      .update(pace)
      .set({ ...next, changedAt: sql`now()` })
      .where(isRow);
  return told;
}

/** Read after the lock was taken, because a wait for it may have been long. */
const CLOCK = sql<number>`extract(epoch from clock_timestamp())::float8 * 1000`;
