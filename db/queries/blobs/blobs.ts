import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { blob, runBlob } from '../../schema/index.ts';
import { dropUpload, readParts, requireWhole } from './parts.ts';

/**
 * Stores bytes by their SHA-256 and, if a run is given, records that the run holds them. Storing them again is free.
 *
 * @example const { sha256, size } = await putBlob(tx, { bytes, runId });
 */
export async function putBlob(
  tx: Tenant,
  input: { bytes: Uint8Array; runId?: string },
): Promise<{ sha256: string; size: number }> {
  const sha256 = createHash('sha256').update(input.bytes).digest('hex');
  const size = input.bytes.byteLength;
  // Look first, so that stored bytes are not sent again.
  if ((await renewBlob(tx, { sha256 })) === null) {
    const data = Buffer.from(input.bytes.buffer, input.bytes.byteOffset, size);
    await insertBlob(tx, { sha256, size, data });
  }
  if (input.runId !== undefined) await linkRunBlob(tx, { runId: input.runId, sha256 });
  return { sha256, size };
}

/**
 * Keeps a blob for another day, for whoever holds it soon. Bytes that nobody holds are removed a day after they were stored; if
 * they are being removed right now, this waits until they are gone.
 *
 * @returns its size, or null if this workspace has no blob with that hash
 */
export async function renewBlob(tx: Tenant, input: { sha256: string }): Promise<number | null> {
  const its = blobIs(tx, input.sha256);
  const isOld = sql<boolean>`${blob.createdAt} < now() - interval '1 hour'`;
  const [known] = await tx.db.select({ size: blob.size, isOld }).from(blob).where(its);
  if (!known?.isOld) return known?.size ?? null;
  const [renewed] = await tx.db.update(blob).set(RENEWED).where(its).returning({ size: blob.size });
  return renewed?.size ?? null;
}

const RENEWED = { createdAt: sql`now()` };

/** @returns the upload whose parts the blob has: another one, if somebody stored the same bytes in the meantime */
async function insertBlob(
  tx: Tenant,
  row: { sha256: string; size: number; data: Buffer; uploadId?: string },
): Promise<string | null> {
  const [stored] = await tx.db
    .insert(blob)
    .values({ workspaceId: tx.workspace, ...row })
    .onConflictDoUpdate({ target: [blob.workspaceId, blob.sha256], set: RENEWED })
    .returning({ uploadId: blob.uploadId });
  return stored!.uploadId;
}

/**
 * The bytes, or null if this workspace has none with that hash.
 *
 * @throws DataError `blob.tooLarge`: `openBlob` reads what is larger
 */
export async function getBlob(tx: Tenant, input: { sha256: string }): Promise<Uint8Array | null> {
  const [row] = await tx.db.select(WHOLE).from(blob).where(blobIs(tx, input.sha256));
  if (!row?.uploadId) return row?.data ?? null;
  requireWhole(row.size);
  return readParts(tx, { uploadId: row.uploadId, from: 0, length: row.size });
}

const WHOLE = { data: blob.data, size: blob.size, uploadId: blob.uploadId };

/** How many bytes there are, or null if this workspace has none with that hash. */
export async function blobSize(tx: Tenant, input: { sha256: string }): Promise<number | null> {
  const [row] = await tx.db.select({ size: blob.size }).from(blob).where(blobIs(tx, input.sha256));
  return row?.size ?? null;
}

/** Some of the bytes, from a position on; null as above. */
export async function getBlobPart(
  tx: Tenant,
  input: { sha256: string; from: number; length: number },
): Promise<Uint8Array | null> {
  const part = sql<Uint8Array>`substring(${blob.data} from ${input.from + 1}::int for ${input.length}::int)`;
  const [row] = await tx.db.select({ part, uploadId: blob.uploadId }).from(blob).where(blobIs(tx, input.sha256));
  return row?.uploadId ? readParts(tx, { ...input, uploadId: row.uploadId }) : (row?.part ?? null);
}

/** Makes the parts a blob, once all of them are stored. If the workspace has the blob already, the parts go. */
export async function finishUpload(
  tx: Tenant,
  input: { uploadId: string; sha256: string; size: number; runId?: string },
): Promise<void> {
  const { uploadId, sha256, size, runId } = input;
  const stored = await insertBlob(tx, { sha256, size, data: Buffer.alloc(0), uploadId });
  if (stored !== uploadId) await dropUpload(tx, { uploadId });
  if (runId !== undefined) await linkRunBlob(tx, { runId, sha256 });
}

/** Records that a run holds a blob, which protects the blob from garbage collection. */
export async function linkRunBlob(tx: Tenant, input: { runId: string; sha256: string }): Promise<void> {
  await tx.db
    .insert(runBlob)
    .values({ workspaceId: tx.workspace, runId: input.runId, sha256: input.sha256 })
    .onConflictDoNothing();
}

const blobIs = (tx: Tenant, sha256: string) => and(eq(blob.workspaceId, tx.workspace), eq(blob.sha256, sha256));
