import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { anyText, bytes, instant, workspaceId } from './columns.ts';

/** Bytes by content. */
export const blob = pgTable(
  'blob',
  {
    workspaceId: workspaceId(),
    sha256: text('sha256').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    /** Empty if the bytes are in parts. */
    data: bytes('data').notNull(),
    /** The upload whose parts the bytes are in. */
    uploadId: text('upload_id'),
    createdAt: instant('created_at').notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.sha256] }),
    index('blob_in_parts').on(t.workspaceId, t.uploadId).where(sql`${t.uploadId} is not null`),
  ],
);

/** Parts of large blobs. They are stored as they arrive, before anybody knows the hash of the whole. */
export const blobPart = pgTable(
  'blob_part',
  {
    workspaceId: workspaceId(),
    uploadId: text('upload_id').notNull(),
    seq: integer('seq').notNull(),
    data: bytes('data').notNull(),
    at: instant('at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.uploadId, t.seq] })],
);

/** Which run holds which blob. Garbage collection uses this table. */
export const runBlob = pgTable(
  'run_blob',
  { workspaceId: workspaceId(), runId: text('run_id').notNull(), sha256: text('sha256').notNull() },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.runId, t.sha256] }),
    index('run_blob_of').on(t.workspaceId, t.sha256),
  ],
);

/** Files of the workspace: a path is a key, never a place on a machine. */
export const file = pgTable(
  'file',
  {
    workspaceId: workspaceId(),
    path: anyText('path').notNull(),
    sha256: text('sha256').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    contentType: anyText('content_type'),
    modifiedAt: instant('modified_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.path] })],
);
