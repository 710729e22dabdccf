import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { effect } from '../schema/index.ts';

/**
 * Does `fn` exactly once for an idempotency key: its writes and the key's row commit together. A later call returns
 * the first result; a concurrent call waits for the first to commit. If `fn` throws, nothing is kept.
 *
 * @param idempotencyKey absent: `fn` simply runs
 */
export async function once<T>(tx: Tenant, idempotencyKey: string | undefined, fn: () => Promise<T>): Promise<T> {
  if (idempotencyKey === undefined) return fn();
  const key = createHash('sha256').update(idempotencyKey).digest('hex');
  const mine = and(eq(effect.workspaceId, tx.workspace), eq(effect.key, key));
  const inserted = await tx.db
    .insert(effect)
    .values({ workspaceId: tx.workspace, key, result: null })
    .onConflictDoNothing()
    .returning({ key: effect.key });
  if (inserted.length === 0) {
    const [done] = await tx.db.select({ result: effect.result }).from(effect).where(mine);
    return done?.result as T;
  }
  const result = await fn();
  await tx.db
    .update(effect)
    .set({ result: result ?? null })
    .where(mine);
  return result;
}

/** The stored result of a key's effect, or undefined if it has not happened. */
export async function effectOf(tx: Tenant, idempotencyKey: string): Promise<{ result: unknown } | undefined> {
  const key = createHash('sha256').update(idempotencyKey).digest('hex');
  const [row] = await tx.db
    .select({ result: effect.result })
    .from(effect)
    .where(and(eq(effect.workspaceId, tx.workspace), eq(effect.key, key)));
  return row;
}
