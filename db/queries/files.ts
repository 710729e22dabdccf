import { and, asc, desc, eq, like, sql } from 'drizzle-orm';
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
    .where(isUnder(tx, input.prefix))
    .orderBy(asc(IN_ORDER))
    .limit(input.limit);
}

/** A file as it was written. */
export interface WrittenFile {
  readonly path: string;
  readonly size: number;
  readonly contentType: string | null;
  readonly sha256: string;
  readonly modifiedAt: string;
}

/** Files whose path starts with `prefix` and that were written after another one, the oldest first, at most `limit`. */
export async function filesSince(
  tx: Tenant,
  input: { prefix: string; after: Pick<WrittenFile, 'modifiedAt' | 'path'> | null; limit: number },
): Promise<WrittenFile[]> {
  const { after } = input;
  const isLater = after
    ? sql`(${file.modifiedAt}, ${IN_ORDER}) > (${after.modifiedAt}::timestamptz, ${escapeText(after.path)})`
    : undefined;
  return tx.db
    .select(WRITTEN)
    .from(file)
    .where(and(isUnder(tx, input.prefix), isLater))
    .orderBy(asc(file.modifiedAt), asc(IN_ORDER))
    .limit(input.limit);
}

/** The last file that was written of those whose path starts with `prefix`, or null. */
export async function lastFile(tx: Tenant, input: { prefix: string }): Promise<WrittenFile | null> {
  const [last] = await tx.db
    .select(WRITTEN)
    .from(file)
    .where(isUnder(tx, input.prefix))
    .orderBy(desc(file.modifiedAt), desc(IN_ORDER))
    .limit(1);
  return last ?? null;
}

const WRITTEN = {
  path: file.path,
  size: file.size,
  contentType: file.contentType,
  sha256: file.sha256,
  modifiedAt: file.modifiedAt,
};

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

/** Paths in the same order on every machine. */
const IN_ORDER = sql`${file.path} collate "C"`;

const isUnder = (tx: Tenant, prefix: string) =>
  and(eq(file.workspaceId, tx.workspace), like(sql`${file.path}`, `${escapeLike(escapeText(prefix))}%`));

const fileIs = (tx: Tenant, path: string) => and(eq(file.workspaceId, tx.workspace), eq(file.path, path));

function checkPath(path: string) {
  if (path.length < 1 || path.length > 512) {
    throw new DataError('file.pathInvalid', `A path has 1 to 512 characters; this one has ${path.length}.`);
  }
}
