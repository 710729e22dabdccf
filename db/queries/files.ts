import { and, asc, eq, like, sql } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { DataError } from '../error.ts';
import { blob, file } from '../schema/index.ts';
import { escapeLike, escapeText } from '../text.ts';
import { putBlob } from './blobs.ts';
import { once } from './effects.ts';

/** A file and what is known about it, or null. */
export async function readFile(
  tx: Tenant,
  input: { path: string },
): Promise<{ bytes: Uint8Array; contentType: string | null; modifiedAt: string } | null> {
  const [row] = await tx.db
    .select({ bytes: blob.data, contentType: file.contentType, modifiedAt: file.modifiedAt })
    .from(file)
    .innerJoin(blob, and(eq(blob.workspaceId, file.workspaceId), eq(blob.sha256, file.sha256)))
    .where(fileIs(tx, input.path));
  return row ?? null;
}

/**
 * Writes a file, exactly once by `idempotencyKey`.
 *
 * @throws DataError `file.pathInvalid`
 */
export async function writeFile(
  tx: Tenant,
  input: { path: string; bytes: Uint8Array; contentType: string | null; idempotencyKey?: string },
): Promise<{ size: number; sha256: string }> {
  checkPath(input.path);
  return once(tx, input.idempotencyKey, async () => {
    const { sha256, size } = await putBlob(tx, { bytes: input.bytes });
    const row = { sha256, size, contentType: input.contentType, modifiedAt: sql`now()` };
    await tx.db
      .insert(file)
      .values({ workspaceId: tx.workspace, path: input.path, ...row })
      .onConflictDoUpdate({ target: [file.workspaceId, file.path], set: row });
    return { size, sha256 };
  });
}

/** Files whose path starts with `prefix`, by path, at most `limit`. */
export async function listFiles(
  tx: Tenant,
  input: { prefix: string; limit: number },
): Promise<{ path: string; size: number; modifiedAt: string }[]> {
  return tx.db
    .select({ path: file.path, size: file.size, modifiedAt: file.modifiedAt })
    .from(file)
    .where(and(eq(file.workspaceId, tx.workspace), like(sql`${file.path}`, `${escapeLike(escapeText(input.prefix))}%`)))
    .orderBy(asc(sql`${file.path} collate "C"`))
    .limit(input.limit);
}

/** Deletes a file, exactly once by `idempotencyKey`. Its bytes are collected later. */
export async function deleteFile(
  tx: Tenant,
  input: { path: string; idempotencyKey?: string },
): Promise<{ deleted: boolean }> {
  return once(tx, input.idempotencyKey, async () => {
    const gone = await tx.db.delete(file).where(fileIs(tx, input.path)).returning({ path: file.path });
    return { deleted: gone.length > 0 };
  });
}

const fileIs = (tx: Tenant, path: string) => and(eq(file.workspaceId, tx.workspace), eq(file.path, path));

function checkPath(path: string) {
  if (path.length < 1 || path.length > 512) {
    throw new DataError('file.pathInvalid', `A path has 1 to 512 characters; this one has ${path.length}.`);
  }
}
