import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { anyText, instant, workspaceId } from './columns.ts';
import { workflow } from './workflow.ts';

/** What is being written on a workflow, before it is published. It may have problems, and need not even be a graph. */
export const draft = pgTable(
  'draft',
  {
    workspaceId: workspaceId(),
    workflow: text('workflow').notNull(),
    /** YAML or JSON, as it was written: comments and all. */
    text: anyText('text').notNull(),
    /** SHA-256 of the canonical graph; null if the text is no graph. */
    hash: text('hash'),
    /** The version that it began from. Null: none. */
    base: integer('base'),
    /** Who changed it last. */
    author: text('author').notNull(),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    updatedAt: instant('updated_at').notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.workflow] }),
    foreignKey({
      columns: [t.workspaceId, t.workflow],
      foreignColumns: [workflow.workspaceId, workflow.name],
    }).onDelete('cascade'),
  ],
);

/** Words that people file workflows under. */
export const workflowTag = pgTable(
  'workflow_tag',
  {
    workspaceId: workspaceId(),
    tag: text('tag').notNull(),
    workflow: text('workflow').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.tag, t.workflow] }),
    index('workflow_tag_of').on(t.workspaceId, t.workflow),
    foreignKey({
      columns: [t.workspaceId, t.workflow],
      foreignColumns: [workflow.workspaceId, workflow.name],
    }).onDelete('cascade'),
  ],
);

/**
 * The words by which a workflow is found. A table of words, because an index for full text is of no use under row-level
 * security: its operators are not leakproof.
 */
export const workflowWord = pgTable(
  'workflow_word',
  {
    workspaceId: workspaceId(),
    /** In lower case. Collated as bytes, so that the words with a prefix are a range. */
    word: text('word').notNull(),
    workflow: text('workflow').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.word, t.workflow] }),
    index('workflow_word_of').on(t.workspaceId, t.workflow),
    foreignKey({
      columns: [t.workspaceId, t.workflow],
      foreignColumns: [workflow.workspaceId, workflow.name],
    }).onDelete('cascade'),
  ],
);
