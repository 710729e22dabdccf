import { and, eq, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { draft } from '../../schema/index.ts';
import { noteChanges } from '../changes/note.ts';
import { indexWords } from './words.ts';

/** A draft as it is stored. */
export interface StoredDraft {
  readonly text: string;
  /** SHA-256 of its graph; null if the text is no graph. */
  readonly hash: string | null;
  /** The version that it began from. */
  readonly base: number | null;
  readonly author: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The draft of a workflow, or null. */
export async function getDraft(tx: Tenant, input: { name: string }): Promise<StoredDraft | null> {
  const [row] = await tx.db
    .select({
      text: draft.text,
      hash: draft.hash,
      base: draft.base,
      author: draft.author,
      createdAt: draft.createdAt,
      updatedAt: draft.updatedAt,
    })
    .from(draft)
    .where(ofWorkflow(tx, input.name));
  return row ?? null;
}

/** Stores the draft of a workflow in place of the one before. The workflow must exist and be locked. */
export async function putDraft(
  tx: Tenant,
  input: { name: string } & Pick<StoredDraft, 'text' | 'hash' | 'base' | 'author'>,
): Promise<StoredDraft> {
  const { name, ...said } = input;
  await tx.db
    .insert(draft)
    .values({ workspaceId: tx.workspace, workflow: name, ...said })
    .onConflictDoUpdate({ target: [draft.workspaceId, draft.workflow], set: { ...said, updatedAt: sql`now()` } });
  await indexWords(tx, { name });
  await noteChanges(tx, [{ kind: 'draft.changed', workflow: name }]);
  return (await getDraft(tx, { name }))!;
}

/** Notes that a draft is published as this version. It stays, so that whoever writes on can go on. */
export async function rebaseDraft(tx: Tenant, input: { name: string; base: number }): Promise<void> {
  await tx.db.update(draft).set({ base: input.base }).where(ofWorkflow(tx, input.name));
}

/** Discards the draft of a workflow. The workflow must be locked. */
export async function deleteDraft(tx: Tenant, input: { name: string }): Promise<void> {
  await tx.db.delete(draft).where(ofWorkflow(tx, input.name));
  await indexWords(tx, input);
  await noteChanges(tx, [{ kind: 'draft.changed', workflow: input.name }]);
}

const ofWorkflow = (tx: Tenant, name: string) => and(eq(draft.workspaceId, tx.workspace), eq(draft.workflow, name));
