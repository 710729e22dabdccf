import { and, asc, eq } from 'drizzle-orm';
import type { JsonObject } from '../../../graph/json.ts';
import type { Tenant } from '../../database.ts';
import { control } from '../../schema/index.ts';

/** One thing that an operator did to a run. */
export interface Control {
  readonly id: string;
  readonly action: string;
  readonly step: string | null;
  readonly by: string;
  readonly reason: string | null;
  readonly at: string;
  readonly detail: JsonObject | null;
  readonly outcome: string;
}

/** A request of an operator, before it is carried out. */
export interface AskedControl {
  readonly runId: string;
  readonly id: string;
  readonly action: string;
  readonly step?: string | undefined;
  readonly by: string;
  readonly reason?: string | undefined;
  readonly detail?: JsonObject | undefined;
  /** Hash of the request. */
  readonly digest: string;
}

/** Most that is shown of what was done to one run. */
const SHOWN = 1_000;

/** Writes down what an operator asks for. @returns what is written under this key: the request, or an earlier one */
export async function askControl(tx: Tenant, asked: AskedControl): Promise<Control & { readonly digest: string }> {
  const { step = null, reason = null, detail = null, ...rest } = asked;
  await tx.db
    .insert(control)
    .values({ workspaceId: tx.workspace, ...rest, step, reason, detail, outcome: 'pending' })
    .onConflictDoNothing();
  const [row] = await tx.db
    .select({ ...SHOW, digest: control.digest })
    .from(control)
    .where(controlIs(tx, asked));
  return row!;
}

/** Notes what came of it. */
export async function settleControl(
  tx: Tenant,
  input: { runId: string; id: string; outcome: string },
): Promise<Control | null> {
  const [row] = await tx.db.update(control).set({ outcome: input.outcome }).where(controlIs(tx, input)).returning(SHOW);
  return row ?? null;
}

/** What operators did to a run, the oldest first. */
export async function listControls(tx: Tenant, input: { runId: string }): Promise<Control[]> {
  return tx.db
    .select(SHOW)
    .from(control)
    .where(and(eq(control.workspaceId, tx.workspace), eq(control.runId, input.runId)))
    .orderBy(asc(control.at), asc(control.id))
    .limit(SHOWN);
}

const controlIs = (tx: Tenant, { runId, id }: { runId: string; id: string }) =>
  and(eq(control.workspaceId, tx.workspace), eq(control.runId, runId), eq(control.id, id));

const SHOW = {
  id: control.id,
  action: control.action,
  step: control.step,
  by: control.by,
  reason: control.reason,
  at: control.at,
  detail: control.detail,
  outcome: control.outcome,
};
