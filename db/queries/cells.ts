import { createHash } from 'node:crypto';
import { and, eq, lte, sql } from 'drizzle-orm';
import type { Json } from '../../graph/json.ts';
import type { Tenant } from '../database.ts';
import { DataError } from '../error.ts';
import { cell } from '../schema/index.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { seal, unseal } from '../secrets/seal.ts';
import { currentDataKey, openDataKey } from './data-keys.ts';

/** Largest value of a cell, in bytes of JSON: a cell holds an id or an address, never data. */
export const LARGEST_CELL = 65_536;

/** The cell of a step, and the attempt that uses it. */
export interface CellKey {
  readonly idempotencyKey: string;
  readonly runId: string;
  /** Counts from 1. */
  readonly attempt: number;
  readonly keyring: Keyring;
}

/**
 * The value of a step's cell, or null if nothing has been written. Whoever reads takes the cell over: attempts before
 * this one, which may still be working somewhere, cannot write any more. So two attempts never go on with two values.
 *
 * @throws DataError `cell.superseded`, `connection.unreadable`
 */
export async function readCell(tx: Tenant, given: CellKey): Promise<{ value: Json } | null> {
  const row = await take(tx, given, {});
  if (row.ciphertext === null || row.nonce === null || row.dekVersion === null) return null;
  const key = await openDataKey(tx, given.keyring, row.dekVersion);
  let plaintext: Buffer;
  try {
    plaintext = unseal(key, { nonce: row.nonce, ciphertext: row.ciphertext }, contextOf(tx, row));
  } catch (cause) {
    throw new DataError('connection.unreadable', 'The cell of the step was altered in the database.', { cause });
  }
  return { value: JSON.parse(plaintext.toString()) as Json };
}

/**
 * Writes a step's cell. Once this has returned, the value survives whatever crashes.
 *
 * @throws DataError `cell.tooLarge`; `cell.superseded` if a later attempt has read or written
 */
export async function writeCell(tx: Tenant, given: CellKey & { readonly value: Json }): Promise<void> {
  const plaintext = Buffer.from(JSON.stringify(given.value));
  if (plaintext.byteLength > LARGEST_CELL) {
    throw new DataError(
      'cell.tooLarge',
      `The cell of a step holds at most ${LARGEST_CELL} bytes of JSON, not ${plaintext.byteLength}. Keep an id in it, and data in a blob.`,
    );
  }
  const dek = await currentDataKey(tx, given.keyring);
  const sealed = seal(dek.key, plaintext, contextOf(tx, { key: hashOf(given), runId: given.runId }));
  plaintext.fill(0);
  await take(tx, given, { dekVersion: dek.version, ...sealed });
}

type Sealed = Partial<Pick<typeof cell.$inferInsert, 'dekVersion' | 'nonce' | 'ciphertext'>>;

/** Makes the cell the attempt's own, with what it writes, if any. */
async function take(tx: Tenant, given: CellKey, sealed: Sealed): Promise<typeof cell.$inferSelect> {
  const { runId, attempt } = given;
  const [row] = await tx.db
    .insert(cell)
    .values({ workspaceId: tx.workspace, key: hashOf(given), runId, attempt, ...sealed })
    .onConflictDoUpdate({
      target: [cell.workspaceId, cell.key],
      set: { attempt, ...sealed, writtenAt: sql`now()` },
      setWhere: and(lte(cell.attempt, attempt), eq(cell.runId, runId)),
    })
    .returning();
  if (row) return row;
  throw new DataError('cell.superseded', 'A later attempt of the step has begun, so this one may not go on.');
}

const hashOf = ({ idempotencyKey }: Pick<CellKey, 'idempotencyKey'>): string =>
  createHash('sha256').update(idempotencyKey).digest('hex');

const contextOf = (tx: Tenant, row: { readonly key: string; readonly runId: string }): string =>
  JSON.stringify(['blok cell v1', tx.workspace, row.key, row.runId]);
