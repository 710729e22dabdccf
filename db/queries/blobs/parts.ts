import { and, asc, eq, gte, lte, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { DataError } from '../../error.ts';
import { blob, blobPart } from '../../schema/index.ts';

/** Bytes of each part of a large blob but the last. */
export const PART_BYTES = 1024 * 1024;

/** Stores a part of a blob whose hash is not known yet. Storing it again is free. */
export async function putPart(tx: Tenant, input: { uploadId: string; seq: number; bytes: Uint8Array }): Promise<void> {
  const { uploadId, seq, bytes } = input;
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  await tx.db.insert(blobPart).values({ workspaceId: tx.workspace, uploadId, seq, data }).onConflictDoNothing();
}

/** Removes the parts of a blob that will not be finished. */
export async function dropUpload(tx: Tenant, input: { uploadId: string }): Promise<void> {
  await tx.db
    .delete(blobPart)
    .where(and(eq(blobPart.workspaceId, tx.workspace), eq(blobPart.uploadId, input.uploadId)));
}

/** Some of the bytes of a blob in parts. */
export async function readParts(
  tx: Tenant,
  input: { uploadId: string; from: number; length: number },
): Promise<Uint8Array> {
  const { uploadId, from, length } = input;
  const rows = await tx.db
    .select({ seq: blobPart.seq, data: blobPart.data })
    .from(blobPart)
    .where(
      and(
        eq(blobPart.workspaceId, tx.workspace),
        eq(blobPart.uploadId, uploadId),
        gte(blobPart.seq, Math.floor(from / PART_BYTES)),
        lte(blobPart.seq, Math.floor((from + length - 1) / PART_BYTES)),
      ),
    )
    .orderBy(asc(blobPart.seq));
  const [first] = rows;
  if (!first) return new Uint8Array();
  const start = from - first.seq * PART_BYTES;
  // One part is not copied.
  const bytes = rows.length === 1 ? first.data : Buffer.concat(rows.map(({ data }) => data));
  return bytes.subarray(start, start + length);
}

/** Most that is put together in memory. What is larger is read part by part. */
const LARGEST_WHOLE = 128 * 1024 * 1024;

/** @throws DataError `blob.tooLarge` */
export function requireWhole(size: number): void {
  if (size <= LARGEST_WHOLE) return;
  throw new DataError(
    'blob.tooLarge',
    `The data are ${Math.ceil(size / 1_048_576)} MB; at most ${LARGEST_WHOLE / 1_048_576} MB are loaded at once. ` +
      'Give the reference to a node that takes it as a stream, such as http.request or file.write.',
  );
}

/** For the sweep of a workspace: parts that nobody has finished within a day. */
export const unfinishedParts = (workspace: string) => sql`${blobPart.workspaceId} = ${workspace}
  and ${blobPart.at} < now() - interval '1 day'
  and not exists (select from ${blob} where ${blob.workspaceId} = ${workspace} and ${blob.uploadId} = ${blobPart.uploadId})`;
