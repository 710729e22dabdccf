/** Writes what has happened, in the transaction in which it happens: so nothing is told that did not happen, and nothing is left out. */
import { type SQL, sql } from 'drizzle-orm';
import type { Json } from '../../../graph/json.ts';
import type { RunStatus } from '../../../graph/run-state/state/types.ts';
import type { RunRecord } from '../../../workflows/contract.ts';
import type { Tenant } from '../../database.ts';
import { inPieces } from '../../pieces.ts';
import { type ChangeKind, change } from '../../schema/change.ts';

/** Something to be noted. */
export interface NotedChange {
  readonly kind: ChangeKind;
  readonly runId?: string;
  readonly workflow?: string;
  readonly step?: string;
  readonly status?: RunStatus;
  readonly detail?: Json;
}

/** Notes changes, in this order. */
export async function noteChanges(tx: Tenant, changes: readonly NotedChange[]): Promise<void> {
  for (const piece of inPieces(changes)) {
    await tx.db.insert(change).values(piece.map((one) => ({ workspaceId: tx.workspace, ...one })));
  }
}

/**
 * What a record of a run changes, as a part of the statement that writes it. `before` holds the run as it was, `won` the
 * run if the record is now its state, and `over` the waits that it had.
 *
 * A record that ends a run twice is told once. One that ends it otherwise says what it was (`was`).
 */
export function runTold(tx: Tenant, record: RunRecord): SQL {
  const { runId, workflow, status, endedAt } = record;
  const approvals = record.endedAt === null ? record.waits.filter(({ kind }) => kind === 'approval') : [];
  const steps = JSON.stringify(approvals.map(({ step }) => step));
  const values = (kind: SQL, step: SQL, was: SQL, detail: SQL): SQL =>
    sql`select ${tx.workspace}::text, ${kind}, ${runId}::text, ${workflow}::text, ${step}, ${status}::text, ${was}, ${detail}`;
  const none = sql`null::text`;
  const kind =
    endedAt === null
      ? sql`case when exists (table before) then 'run.changed' else 'run.started' end`
      : sql`'run.ended'::text`;
  return sql`
    insert into ${change} (workspace_id, kind, run_id, workflow, step, status, was, detail)
    ${values(kind, none, sql`(select status from before where ended_at is not null)`, detailOf(record))}
    from won where not exists (select from before where ended_at is not null and status = ${status})
    union all
    ${values(sql`'approval.closed'::text`, sql`over.step`, none, none)}
    from over where kind = 'approval' and not exists (
      select from json_array_elements_text(${steps}::json) as still(step) where still.step = over.step)
    union all
    ${values(sql`'approval.opened'::text`, sql`fresh.step`, none, none)}
    from json_array_elements_text(${steps}::json) as fresh(step)
    where exists (table won) and not exists (select from over where over.kind = 'approval' and over.step = fresh.step)`;
}

const detailOf = ({ version, error }: RunRecord): SQL =>
  sql`${JSON.stringify({ version, ...(error && { error: error.code }) })}::text`;
