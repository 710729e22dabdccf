import { and, asc, eq, sql } from 'drizzle-orm';
import type { RunRecord, WaitRecord } from '../../../workflows/contract.ts';
import type { Tenant } from '../../database.ts';
import { wait } from '../../schema/index.ts';
import { jsonColumn, textColumn } from './run-columns.ts';

/** Writes what a run waits for; nothing of it may be there. */
export async function insertWaits(
  tx: Tenant,
  { runId, workflow, startedAt, waits }: Pick<RunRecord, 'runId' | 'workflow' | 'startedAt' | 'waits'>,
): Promise<void> {
  if (waits.length === 0) return;
  const kinds = new Set<string>();
  const rows = waits.map((one, seq) => {
    const isFirst = !kinds.has(one.kind);
    kinds.add(one.kind);
    return { ...waitRow(one, seq), run_started_at: isFirst ? startedAt : null };
  });
  await tx.db.execute(sql`
    insert into ${wait} (workspace_id, run_id, workflow, seq, step, kind, event, key, until, since, detail, run_started_at)
    select ${tx.workspace}, ${runId}, ${workflow}, w.*
    from json_to_recordset(${JSON.stringify(rows)}::json) as w(seq int, step text, kind text, event text,
      key text, until timestamptz, since timestamptz, detail text, run_started_at timestamptz)`);
}

/** What a run waits for. */
export async function getWaits(tx: Tenant, input: { runId: string }): Promise<WaitRecord[]> {
  const rows = await tx.db
    .select({
      step: wait.step,
      kind: wait.kind,
      event: wait.event,
      key: wait.key,
      until: wait.until,
      since: wait.since,
      detail: wait.detail,
    })
    .from(wait)
    .where(and(eq(wait.workspaceId, tx.workspace), eq(wait.runId, input.runId)))
    .orderBy(asc(wait.seq));
  return rows.map(({ event, detail, ...row }) => ({
    ...row,
    ...(event === null ? {} : { event }),
    ...(detail === null ? {} : { detail }),
  }));
}

const waitRow = (w: WaitRecord, seq: number) => ({
  seq,
  step: w.step,
  kind: w.kind,
  event: textColumn(w.event),
  key: textColumn(w.key),
  until: w.until ?? null,
  since: w.since,
  detail: jsonColumn(w.detail),
});
