import { and, asc, eq, ne, not, sql } from 'drizzle-orm';
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

/** What is written under a key. */
export interface KnownControl {
  readonly control: Control;
  /** Hash of the request. */
  readonly digest: string;
  /** Somebody else is carrying it out. */
  readonly isUnderway: boolean;
}

/** How long one process has for carrying out a request before another one may, which was sent the same request again. */
const LEASE = sql`interval '15 seconds'`;

const UNDERWAY = sql<boolean>`(${control.outcome} = 'pending' and ${control.at} > now() - ${LEASE})`;

/**
 * Writes down what an operator asks for, or finds what is written under its key: the request, or an earlier one.
 *
 * @returns with `isMine`, if the caller is to carry it out: nobody else does, and nobody has done it
 */
export async function askControl(
  tx: Tenant,
  asked: AskedControl,
): Promise<KnownControl & { readonly isMine: boolean }> {
  const { step = null, reason = null, detail = null, ...rest } = asked;
  const made = await tx.db
    .insert(control)
    .values({ workspaceId: tx.workspace, ...rest, step, reason, detail, outcome: 'pending' })
    .onConflictDoNothing()
    .returning({ id: control.id });
  const isMine = made.length > 0 || (await takeUp(tx, asked));
  const known = (await findControl(tx, asked))!;
  return { ...known, isMine, isUnderway: !isMine && known.control.outcome !== 'done' };
}

/** A request that was refused, or whose process is gone, may be carried out again. */
async function takeUp(tx: Tenant, asked: AskedControl): Promise<boolean> {
  const taken = await tx.db
    .update(control)
    .set({ outcome: 'pending', at: sql`now()` })
    .where(and(controlIs(tx, asked), eq(control.digest, asked.digest), ne(control.outcome, 'done'), not(UNDERWAY)))
    .returning({ id: control.id });
  return taken.length > 0;
}

/** What is written under a key; null: nothing. */
export async function findControl(tx: Tenant, asked: Pick<AskedControl, 'runId' | 'id'>): Promise<KnownControl | null> {
  const [row] = await tx.db
    .select({ control: SHOW, digest: control.digest, isUnderway: UNDERWAY })
    .from(control)
    .where(controlIs(tx, asked));
  return row ?? null;
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
