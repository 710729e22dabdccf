import { and, eq, isNull, notExists, notInArray, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { draft, workflow, workflowTag, workflowVersion, workflowWord } from '../../schema/index.ts';
import { ITS_PUBLISHED_VERSION } from '../published-version.ts';
import { wordsOf } from './word-list.ts';

/** Writes anew by which words a workflow is found. Belongs into each transaction that changes what it says. */
export async function indexWords(tx: Tenant, { name }: { name: string }): Promise<void> {
  const words = wordsOf(await textsOf(tx, name));
  const own = and(eq(workflowWord.workspaceId, tx.workspace), eq(workflowWord.workflow, name));
  await tx.db.delete(workflowWord).where(words.length === 0 ? own : and(own, notInArray(workflowWord.word, words)));
  if (words.length === 0) return;
  const rows = words.map((word) => ({ workspaceId: tx.workspace, word, workflow: name }));
  await tx.db.insert(workflowWord).values(rows).onConflictDoNothing();
}

/** What a workflow says, the most telling first. */
async function textsOf(tx: Tenant, name: string): Promise<(string | null)[]> {
  const [row] = await tx.db
    .select({
      label: workflow.label,
      ownLabel: workflow.ownLabel,
      folder: workflow.folder,
      newest: workflow.text,
      published: workflowVersion.text,
      graph: sql<string | null>`case when ${workflowVersion.text} is null then ${workflowVersion.graph} end`,
      draft: draft.text,
    })
    .from(workflow)
    .leftJoin(workflowVersion, ITS_PUBLISHED_VERSION)
    .leftJoin(draft, and(eq(draft.workspaceId, workflow.workspaceId), eq(draft.workflow, workflow.name)))
    .where(and(eq(workflow.workspaceId, tx.workspace), eq(workflow.name, name)));
  const tags = await tagsOf(tx, name);
  return [
    name,
    row?.ownLabel,
    row?.label,
    tags.join(' '),
    row?.folder,
    row?.newest,
    row?.published,
    row?.graph,
    row?.draft,
  ].map((text) => text ?? null);
}

/** The tags of a workflow, by name. */
export async function tagsOf(tx: Tenant, name: string): Promise<string[]> {
  const rows = await tx.db
    .select({ tag: workflowTag.tag })
    .from(workflowTag)
    .where(and(eq(workflowTag.workspaceId, tx.workspace), eq(workflowTag.workflow, name)));
  return rows.map(({ tag }) => tag).sort();
}

/** Indexes the workflows that have no words yet: they were published by a Blok that kept none. */
export async function indexOldWorkflows(tx: Tenant): Promise<void> {
  const known = tx.db
    .select({ word: workflowWord.word })
    .from(workflowWord)
    .where(and(eq(workflowWord.workspaceId, tx.workspace), eq(workflowWord.workflow, workflow.name)));
  const old = await tx.db
    .select({ name: workflow.name })
    .from(workflow)
    .where(and(eq(workflow.workspaceId, tx.workspace), isNull(workflow.deletedAt), notExists(known)));
  for (const each of old) await indexWords(tx, each);
}
