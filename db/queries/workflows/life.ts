import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import {
  capture,
  draft,
  firing,
  heldGroup,
  variable,
  workflow,
  workflowTag,
  workflowWord,
} from '../../schema/index.ts';
import { noteChanges } from '../changes/note.ts';
import { dropTriggers, touchTriggers } from '../triggers.ts';
import { lockExisting, named, type WorkflowHead } from './head.ts';
import { indexWords } from './words.ts';

/** What people may say about a workflow besides its graph. Absent: it stays as it is. */
export interface Filing {
  /** Shown instead of the label of the graph; null: that one is shown. */
  readonly label?: string | null | undefined;
  /** '' is the top. */
  readonly folder?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** Changes the label, folder and tags of a workflow. @returns false if there is no such workflow */
export async function fileWorkflow(tx: Tenant, input: { name: string } & Filing): Promise<boolean> {
  const { name, label, folder, tags } = input;
  if ((await lockExisting(tx, { name })) === null) return false;
  await tx.db
    .update(workflow)
    .set({
      ...(label !== undefined && { ownLabel: label }),
      ...(folder !== undefined && { folder }),
      updatedAt: sql`now()`,
    })
    .where(named(tx, name));
  if (tags !== undefined) {
    await tx.db.delete(workflowTag).where(ofTag(tx, name));
    const rows = [...new Set(tags)].map((tag) => ({ workspaceId: tx.workspace, tag, workflow: name }));
    if (rows.length > 0) await tx.db.insert(workflowTag).values(rows);
  }
  await indexWords(tx, { name });
  await noteChanges(tx, [{ kind: 'workflow.changed', workflow: name }]);
  return true;
}

/**
 * Puts a workflow out of the way, or back. Its triggers are off meanwhile, whether or not they are switched on.
 * @returns false if there is no such workflow
 */
export async function archiveWorkflow(tx: Tenant, input: { name: string; archived: boolean }): Promise<boolean> {
  const { name, archived } = input;
  const head = await lockExisting(tx, { name });
  if (head === null) return false;
  if ((head.archivedAt !== null) === archived) return true;
  await tx.db
    .update(workflow)
    .set({ archivedAt: archived ? sql`now()` : null, updatedAt: sql`now()` })
    .where(named(tx, name));
  await touchTriggers(tx, { workflow: name, off: archived });
  await noteChanges(tx, [{ kind: 'workflow.changed', workflow: name }]);
  return true;
}

/** Why what a workflow held, or had yet to start, came to nothing. */
const DELETED = 'The workflow was deleted.';

/**
 * Deletes a workflow: nothing starts it any more, its triggers are taken down, and what waited to start it is settled.
 * Runs go on, because they have their plan. Its key-value state stays, because runs may use it.
 *
 * @param input.check throws if the workflow is not to be deleted
 * @returns false if there is no such workflow
 */
export async function deleteWorkflow(
  tx: Tenant,
  input: { name: string; check?: (head: WorkflowHead) => void },
): Promise<boolean> {
  const { name } = input;
  const head = await lockExisting(tx, { name });
  if (head === null) return false;
  input.check?.(head);
  const ws = tx.workspace;
  await tx.db
    .update(workflow)
    .set({
      ...{ deletedAt: sql`now()`, publishedVersion: null, label: null, ownLabel: null, folder: '', text: null },
      ...{ archivedAt: null, active: true, updatedAt: sql`now()` },
    })
    .where(named(tx, name));
  await dropTriggers(tx, { workflow: name });
  await tx.db
    .update(firing)
    .set({ dueAt: null, outcome: 'refused', reason: DELETED })
    .where(and(eq(firing.workspaceId, ws), eq(firing.workflow, name), isNotNull(firing.dueAt)));
  await tx.db
    .update(heldGroup)
    .set({ open: false, dueAt: null, outcome: 'refused', reason: DELETED, settledAt: sql`now()` })
    .where(and(eq(heldGroup.workspaceId, ws), eq(heldGroup.workflow, name), isNotNull(heldGroup.dueAt)));
  await tx.db.delete(draft).where(and(eq(draft.workspaceId, ws), eq(draft.workflow, name)));
  await tx.db.delete(variable).where(and(eq(variable.workspaceId, ws), eq(variable.workflow, name)));
  await tx.db.delete(capture).where(and(eq(capture.workspaceId, ws), eq(capture.workflow, name)));
  await tx.db.delete(workflowTag).where(ofTag(tx, name));
  await tx.db.delete(workflowWord).where(and(eq(workflowWord.workspaceId, ws), eq(workflowWord.workflow, name)));
  await noteChanges(tx, [{ kind: 'workflow.deleted', workflow: name }]);
  return true;
}

const ofTag = (tx: Tenant, name: string) =>
  and(eq(workflowTag.workspaceId, tx.workspace), eq(workflowTag.workflow, name));
