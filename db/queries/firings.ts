import { and, asc, eq, isNotNull, sql } from 'drizzle-orm';
import { StartError, subjectNow } from '../../graph/start/index.ts';
import type { Tenant } from '../database.ts';
import { inPieces } from '../pieces.ts';
import { type FiringOutcome, firing } from '../schema/index.ts';
import { dueNow } from './due.ts';
import { noteTriggerError } from './trigger-counts.ts';
import { type TriggerRow, triggersOfType } from './triggers.ts';
import { resolveVariables } from './variables.ts';
import { getVersion } from './workflows/versions.ts';

/** A run that is to be started, or what came of it. */
export type FiringRow = typeof firing.$inferSelect;

/** How long one process has for starting a run before another one may try. The key keeps both from starting two. */
const LEASE = sql`interval '15 seconds'`;

/**
 * Notes which triggers something fires: those that listen to it and are switched on now, each with its version. Belongs
 * into the transaction that stores what fires them.
 *
 * @param input.key id of what fires them: one run per key and trigger
 * @param input.held the caller is about to start the runs; others leave them alone for a while
 * @param input.except a workflow that is left out
 */
export async function addFirings(
  tx: Tenant,
  input: {
    uses: 'event' | 'failure';
    subject: string;
    key: string;
    depth?: number | null;
    held?: boolean;
    except?: string;
  },
): Promise<FiringRow[]> {
  const { uses, subject, key, depth = null, held = false, except } = input;
  const listening: TriggerRow[] = [];
  for (const row of await triggersOfType(tx, { uses, subject })) {
    if (row.workflow !== except && (row.subject !== null || (await listensTo(tx, row, subject)))) listening.push(row);
  }
  const dueAt = held ? sql`now() + ${LEASE}` : dueNow;
  const rows = listening.map(({ workflow, id, version }) => ({ workflow, trigger: id, version }));
  const noted: FiringRow[] = [];
  for (const piece of inPieces(rows)) {
    const made = tx.db
      .insert(firing)
      .values(piece.map((row) => ({ workspaceId: tx.workspace, key, uses, depth, dueAt, ...row })))
      .onConflictDoNothing()
      .returning();
    noted.push(...(await made));
  }
  return noted;
}

/** Whether the expression that says what a trigger listens to says this. An expression that fails is the trigger's error. */
async function listensTo(tx: Tenant, { workflow, id, version }: TriggerRow, subject: string): Promise<boolean> {
  const graph = (await getVersion(tx, { name: workflow, version }))?.graph;
  if (!graph) return false;
  try {
    return subjectNow(graph, id, await resolveVariables(tx, { workflow, defaults: graph.vars ?? {} })) === subject;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    await noteTriggerError(tx, { workflow, trigger: id, error: error.message });
    return false;
  }
}

/** The firings of one key, settled or not. */
export async function firingsOf(tx: Tenant, input: { key: string }): Promise<FiringRow[]> {
  return tx.db
    .select()
    .from(firing)
    .where(and(eq(firing.workspaceId, tx.workspace), eq(firing.key, input.key)))
    .orderBy(asc(firing.workflow), asc(firing.trigger));
}

/** Takes firings that are due: nobody else gets them for a while. After a crash they are due again. */
export async function takeDueFirings(tx: Tenant, input: { limit: number }): Promise<FiringRow[]> {
  return tx.db
    .update(firing)
    .set({ dueAt: sql`now() + ${LEASE}`, attempts: sql`${firing.attempts} + 1` })
    .where(
      sql`${firing}.ctid = any(array(select ctid from ${firing} where workspace_id = ${tx.workspace} and due_at <= now()
        order by due_at limit ${input.limit} for update skip locked))`,
    )
    .returning();
}

/** Notes what came of a firing. */
export async function settleFiring(
  tx: Tenant,
  input: { row: FiringRow; outcome: FiringOutcome; runId?: string | null; reason?: string | null },
): Promise<void> {
  const { row, outcome, runId = null, reason = null } = input;
  await tx.db.update(firing).set({ outcome, runId, reason, dueAt: null }).where(isFiring(tx, row));
}

/** Puts off a firing whose run cannot be started now. */
export async function postponeFiring(tx: Tenant, input: { row: FiringRow; ms: number; reason: string }): Promise<void> {
  const dueAt = sql`now() + ${input.ms} * interval '1 millisecond'`;
  await tx.db
    .update(firing)
    .set({ dueAt, reason: input.reason })
    // A firing that was refused meanwhile, because its workflow was deleted, stays so.
    .where(and(isFiring(tx, input.row), isNotNull(firing.dueAt)));
}

const isFiring = (tx: Tenant, row: FiringRow) =>
  and(
    eq(firing.workspaceId, tx.workspace),
    eq(firing.key, row.key),
    eq(firing.workflow, row.workflow),
    eq(firing.trigger, row.trigger),
  );
