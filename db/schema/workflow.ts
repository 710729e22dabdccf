import { sql } from 'drizzle-orm';
import { boolean, foreignKey, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Graph } from '../../graph/document/types.ts';
import type { Json } from '../../graph/json.ts';
import type { Plan } from '../../graph/plan/types.ts';
import { anyText, instant, jsonText, workspaceId } from './columns.ts';

/** The product resource: a name, a draft, and which version is published. */
export const workflow = pgTable(
  'workflow',
  {
    workspaceId: workspaceId(),
    /** The slug. */
    name: text('name').notNull(),
    label: anyText('label'),
    /** The graph as last saved; it may have problems. */
    draft: jsonText<Json>('draft'),
    publishedVersion: integer('published_version'),
    /** False: no trigger of the workflow starts a run. */
    active: boolean('active').notNull().default(true),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    updatedAt: instant('updated_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.name] })],
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
