import { and, asc, desc, eq, like, sql } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { DataError } from '../error.ts';
import { file } from '../schema/index.ts';
import { escapeLike, escapeText } from '../text.ts';
import { getBlob, putBlob, renewBlob } from './blobs/blobs.ts';
import { once } from './effects.ts';

/** A file and what is known about it, or null. */
export async function readFile(
  tx: Tenant,
  input: { path: string },
): Promise<{ bytes: Uint8Array; contentType: string | null; modifiedAt: string } | null> {
  const facts = await fileFacts(tx, input);
  if (!facts) return null;
  const { sha256, contentType, modifiedAt } = facts;
  const bytes = await getBlob(tx, { sha256 });
  return bytes && { bytes, contentType, modifiedAt };
}

/** What is known about a file, or null. Its content is the blob of that hash. */
export async function fileFacts(tx: Tenant, input: { path: string }): Promise<WrittenFile | null> {
  const [row] = await tx.db.select(WRITTEN).from(file).where(fileIs(tx, input.path));
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
    return nameBlob(tx, { ...input, sha256, size });
  });
}

/**
 * Writes a file whose content is stored already, exactly once by `idempotencyKey`.
 *
 * @returns null if this workspace has no blob with that hash
 * @throws DataError `file.pathInvalid`
 */
export async function writeFileOf(
  tx: Tenant,
  input: { path: string; sha256: string; contentType: string | null; idempotencyKey?: string },
): Promise<{ size: number; sha256: string } | null> {
  checkPath(input.path);
  const size = await renewBlob(tx, input);
  return size === null ? null : once(tx, input.idempotencyKey, () => nameBlob(tx, { ...input, size }));
}

async function nameBlob(
  tx: Tenant,
  { path, sha256, size, contentType }: { path: string; sha256: string; size: number; contentType: string | null },
): Promise<{ size: number; sha256: string }> {
  const row = { sha256, size, contentType, modifiedAt: sql`now()` };
  await tx.db
    .insert(file)
    .values({ workspaceId: tx.workspace, path, ...row })
    .onConflictDoUpdate({ target: [file.workspaceId, file.path], set: row });
  return { size, sha256 };
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
