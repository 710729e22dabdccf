import { sql } from 'drizzle-orm';
import { boolean, foreignKey, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Graph } from '../../graph/document/types.ts';
import type { Json } from '../../graph/json.ts';
import type { Plan } from '../../graph/plan/types.ts';
import { anyText, instant, jsonText, workspaceId } from './columns.ts';

/** The product resource: a name, where people find it, and which version is published. */
export const workflow = pgTable(
  'workflow',
  {
    workspaceId: workspaceId(),
    /** The slug. */
    name: text('name').notNull(),
    /** The label that the published graph has. */
    label: anyText('label'),
    /** The label that people gave it; it is shown instead. */
    ownLabel: anyText('own_label'),
    /** Where it is filed: `billing/eu`; '' is the top. */
    folder: text('folder').notNull().default(''),
    publishedVersion: integer('published_version'),
    /** The newest text that says what the published version says, if only comments and layout have changed since. */
    text: anyText('text'),
    /** The first version since the workflow was made; a deleted workflow of the same name had those before. */
    firstVersion: integer('first_version').notNull().default(1),
    /** False: no trigger of the workflow starts a run. */
    active: boolean('active').notNull().default(true),
    /** Since when it is out of the way: not listed, not started. */
    archivedAt: instant('archived_at'),
    /**
     * Since when it is deleted. The row stays, because records of runs name its versions, and the numbers of versions
     * must not begin anew.
     */
    deletedAt: instant('deleted_at'),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    updatedAt: instant('updated_at').notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.name] }),
    index('workflow_by_folder').on(t.workspaceId, t.folder, t.name),
  ],
);

/** Immutable: a database trigger refuses updates. */
export const workflowVersion = pgTable(
  'workflow_version',
  {
    workspaceId: workspaceId(),
    workflow: text('workflow').notNull(),
    version: integer('version').notNull(),
    graph: jsonText<Graph>('graph').notNull(),
    plan: jsonText<Plan>('plan').notNull(),
    /** The text that was published, comments included. Null: it was published by a Blok that kept none. */
    text: anyText('text'),
    /** Why it was published, in the author's words. */
    message: anyText('message'),
    /** Who published it. */
    author: text('author'),
    /** SHA-256 of the canonical graph. */
    hash: text('hash').notNull(),
    /** Version of the graph language. */
    language: integer('language').notNull(),
    publishedAt: instant('published_at').notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.workflow, t.version] }),
    foreignKey({
      columns: [t.workspaceId, t.workflow],
      foreignColumns: [workflow.workspaceId, workflow.name],
    }).onDelete('cascade'),
  ],
);

/** Values of variables, of the workspace (`workflow` is '') or of one workflow. */
export const variable = pgTable(
  'variable',
  {
    workspaceId: workspaceId(),
    workflow: text('workflow').notNull(),
    name: text('name').notNull(),
    value: jsonText<Json>('value'),
    updatedAt: instant('updated_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.workflow, t.name] })],
);
