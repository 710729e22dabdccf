import { and, asc, eq, sql } from 'drizzle-orm';
import type { Json } from '../../../graph/json.ts';
import type { Tenant } from '../../database.ts';
import { runLog } from '../../schema/index.ts';
import { inMonthOf, noteMonth } from './month.ts';
import { jsonColumn, textColumn } from './run-columns.ts';

/** A line that a step has logged. */
export interface LogLine {
  readonly at: string;
  readonly step: string;
  readonly attempt: number;
  /** Its place among the lines of the attempt. */
  readonly seq: number;
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly data: Json;
}

/** Keeps lines of a run. Lines that are kept already stay as they are. */
export async function keepLog(
  tx: Tenant,
  { runId, lines }: { runId: string; lines: readonly LogLine[] },
): Promise<void> {
  const rows = lines.map(({ message, data, ...line }) => ({
    ...line,
    message: textColumn(message),
    data: jsonColumn(data),
  }));
  await tx.db.execute(sql`
    with home as (${noteMonth(tx, runId)})
    insert into ${runLog} (workspace_id, run_id, month, at, step, attempt, seq, level, message, data)
    select ${tx.workspace}, ${runId}, home.month, line.*
    from home, json_to_recordset(${JSON.stringify(rows)}::json) as line(at timestamptz, step text, attempt int, seq int,
      level text, message text, data text)
    on conflict do nothing`);
}

/** Where a page of lines ends. */
export type LogPlace = Pick<LogLine, 'at' | 'step' | 'attempt' | 'seq'>;

/** Lines of a run, or of one of its steps, in the order of their times, at most `limit`. */
export async function logPage(
  tx: Tenant,
  {
    runId,
    step,
    after,
    limit,
  }: { runId: string; step?: string | undefined; after?: LogPlace | undefined; limit: number },
): Promise<LogLine[]> {
  const place = sql`(${runLog.at}, ${runLog.step}, ${runLog.attempt}, ${runLog.seq})`;
  return tx.db
    .select({
      at: runLog.at,
      step: runLog.step,
      attempt: runLog.attempt,
      seq: runLog.seq,
      level: runLog.level,
      message: runLog.message,
      data: sql<Json>`${runLog.data}`.mapWith(runLog.data),
    })
    .from(runLog)
    .where(
      and(
        eq(runLog.workspaceId, tx.workspace),
        eq(runLog.runId, runId),
        inMonthOf(tx, runId, runLog.month),
        step === undefined ? undefined : eq(runLog.step, step),
        after && sql`${place} > (${after.at}::timestamptz, ${after.step}, ${after.attempt}::int, ${after.seq}::int)`,
      ),
    )
    .orderBy(asc(runLog.at), asc(runLog.step), asc(runLog.attempt), asc(runLog.seq))
    .limit(limit);
}
