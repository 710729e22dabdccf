import { sql } from 'drizzle-orm';
import { foreignKey, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { PromptDocument } from '../../graph/prompts/types.ts';
import { anyText, instant, jsonText, workspaceId } from './columns.ts';

/** Prompts of the workspace, by name. */
export const prompt = pgTable(
  'prompt',
  {
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    /** The newest version. */
    version: integer('version').notNull(),
    updatedAt: instant('updated_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.name] })],
);

/** Versions of prompts. The role of the queries may add and read them, never change or remove them. */
export const promptVersion = pgTable(
  'prompt_version',
  {
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    version: integer('version').notNull(),
    document: jsonText<PromptDocument>('document').notNull(),
    /** SHA-256 of the document in canonical form. */
    hash: text('hash').notNull(),
    /** Why it was written, in the author's words. */
    message: anyText('message'),
    author: text('author').notNull(),
    createdAt: instant('created_at').notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.name, t.version] }),
    foreignKey({ columns: [t.workspaceId, t.name], foreignColumns: [prompt.workspaceId, prompt.name] }),
  ],
);
