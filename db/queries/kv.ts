import { and, eq, sql } from 'drizzle-orm';
import type { Json } from '../../graph/json.ts';
import type { Tenant } from '../database.ts';
import { DataError } from '../error.ts';
import { kv } from '../schema/index.ts';
import { once } from './effects.ts';

/** An entry's place: `workflow` is '' for the workspace's own. */
export interface KvKey {
  readonly workflow: string;
  /** 1 to 512 characters. */
  readonly key: string;
}

/** The value and its version; both null if absent or expired. */
export async function getKv(tx: Tenant, input: KvKey): Promise<{ value: Json; version: number | null }> {
  const [row] = await tx.db
    .select({ value: kv.value, version: kv.version })
    .from(kv)
    .where(and(kvIs(tx, input), LIVE));
  return row ? { value: row.value, version: row.version } : { value: null, version: null };
}

/**
 * Writes an entry, exactly once by `idempotencyKey`. Versions grow with each write.
 *
 * `ttlMs`: after this time the entry counts as absent. `ifVersion`: write only if the entry has this version; null:
 * only if the entry is absent.
 *
 * @throws DataError `kv.conflict` (the version differs), `kv.keyInvalid`
 */
export async function setKv(
  tx: Tenant,
  input: KvKey & { value: Json; ttlMs?: number; ifVersion?: number | null; idempotencyKey?: string },
): Promise<{ value: Json; previous: Json; version: number }> {
  checkKey(input.key);
  return once(tx, input.idempotencyKey, async () => {
    const before = await lockKv(tx, input);
    const found = before.live ? before.version : null;
    if (input.ifVersion !== undefined && input.ifVersion !== found) {
      throw new DataError(
        'kv.conflict',
        `"${input.key}" has ${found === null ? 'no value' : `version ${found}`}, not ` +
          `${input.ifVersion === null ? 'none' : `version ${input.ifVersion}`}. Read it again and decide anew.`,
      );
    }
    const version = before.version + 1;
    const expiresAt = input.ttlMs === undefined ? null : sql<string>`now() + ${input.ttlMs} * interval '1 millisecond'`;
    await tx.db.update(kv).set({ value: input.value, version, expiresAt }).where(kvIs(tx, input));
    return { value: input.value, previous: before.live ? before.value : null, version };
  });
}

/** Deletes an entry, exactly once by `idempotencyKey`. */
export async function deleteKv(
  tx: Tenant,
  input: KvKey & { idempotencyKey?: string },
): Promise<{ previous: Json; deleted: boolean }> {
  return once(tx, input.idempotencyKey, async () => {
    const [gone] = await tx.db
      .select({ value: kv.value })
      .from(kv)
      .where(and(kvIs(tx, input), LIVE))
      .for('update');
    if (!gone) return { previous: null, deleted: false };
    // Kept as expired for a while, because a version that a later `ifVersion` names must not come again.
    await tx.db
      .update(kv)
      .set({ value: null, version: sql`${kv.version} + 1`, expiresAt: PAST })
      .where(kvIs(tx, input));
    return { previous: gone.value, deleted: true };
  });
}

/** Locks the entry. An absent entry is created first, so that two first writers see each other. */
async function lockKv(tx: Tenant, key: KvKey) {
  await tx.db
    .insert(kv)
    .values({ workspaceId: tx.workspace, ...pick(key), value: null, version: 0, expiresAt: PAST })
    .onConflictDoNothing();
  const [row] = await tx.db
    .select({ value: kv.value, version: kv.version, live: sql<boolean>`${LIVE}` })
    .from(kv)
    .where(kvIs(tx, key))
    .for('update');
  if (!row) throw new DataError('kv.conflict', `"${key.key}" was removed in the meantime. Try again.`);
  return row;
}

const pick = ({ workflow, key }: KvKey) => ({ workflow, key });
/**
 * A time that is certainly in the past. The column keeps milliseconds, so `now()` itself may be rounded into the
 * future.
 */
const PAST = sql`now() - interval '1 second'`;
const LIVE = sql`(${kv.expiresAt} is null or ${kv.expiresAt} > now())`;
const kvIs = (tx: Tenant, { workflow, key }: KvKey) =>
  and(eq(kv.workspaceId, tx.workspace), eq(kv.workflow, workflow), eq(kv.key, key));

function checkKey(key: string) {
  if (key.length < 1 || key.length > 512) {
    throw new DataError('kv.keyInvalid', `A key has 1 to 512 characters; this one has ${key.length}.`);
  }
}
