import { and, eq, gt, isNotNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { StepRecord } from '../../../graph/run-state/state/types.ts';
import type { Tenant } from '../../database.ts';
import { step } from '../../schema/index.ts';
import { inMonthOf } from './month.ts';

/** Which ended steps of a run are read with their data, of which there may be gigabytes. */
export interface StepSelection {
  readonly runId: string;
  /** In the order in which they ended, or by their paths. */
  readonly by: 'end' | 'path';
  /** Most steps, and most bytes of their data. One step is read however large it is. */
  readonly most: number;
  readonly bytes: number;
  /** Those whose path comes after this one. */
  readonly after?: string | undefined;
  /** Those below these containers; or those that are in no loop; or undo steps. */
  readonly among?: readonly string[] | 'outside-loops' | 'undo' | undefined;
  /** Default: `whole`. */
  readonly reads?: 'whole' | 'outputs' | 'facts' | undefined;
}

/** The first ended steps of a run. `more`: there are others. */
export async function getSteps(
  tx: Tenant,
  { runId, by, most, bytes, after, among, reads = 'whole' }: StepSelection,
): Promise<{ steps: StepRecord[]; more: boolean }> {
  const order = ORDERS[by];
  const columns: Partial<typeof WHOLE> & typeof STEP_FACTS = COLUMNS[reads];
  const wanted = and(
    ofRun(tx, runId),
    after === undefined ? undefined : gt(step.path, after),
    typeof among === 'string' ? AMONG[among] : among && or(sql`false`, ...among.map(isBelow)),
  );
  // Postgres knows how long a stored text is without reading it. One step too many tells whether there are more.
  const first = sql`
    select ${step.path} as path, coalesce(${step.endedAt}, ${step.startedAt}) as at, ${step.segment} as segment,
      ${step.historyLength} as history_length, ${step.seq} as seq, ${bytesOf(columns)} as bytes
    from ${step} where ${wanted} order by ${order} limit ${most + 1}`;
  const { rows: chosen } = await tx.db.execute<{ path: string; found: number }>(sql`
    select path, found from (
      select path, count(*) over ()::int as found, row_number() over (order by ${order}) as nth,
        sum(bytes) over (order by ${order} rows unbounded preceding) as total
      from (${first}) as first
    ) as summed where nth <= ${most} and (nth = 1 or total <= ${bytes}) order by nth`);
  // The data are read only now, so that they are not sorted.
  const paths = chosen.map(({ path }) => path);
  const rows = await tx.db
    .select(columns)
    .from(step)
    .where(and(ofRun(tx, runId), sql`${step.path} = any(${sql.param(paths)}::text[])`));
  const byPath = new Map(rows.map((row) => [row.path, present(row as Row)]));
  const steps = paths.flatMap((path) => byPath.get(path) ?? []);
  return { steps, more: paths.length < (chosen[0]?.found ?? 0) };
}

/** Whether the output of a step of a run is stored apart. */
export async function hasStoredOutput(tx: Tenant, { runId }: { runId: string }): Promise<boolean> {
  const stored = and(ofRun(tx, runId), isNotNull(step.outputRef));
  return (await tx.db.select({ path: step.path }).from(step).where(stored).limit(1)).length > 0;
}

/** Whether a run has a step of a type that has ended. */
export async function hasStepOfType(tx: Tenant, { runId, type }: { runId: string; type: string }): Promise<boolean> {
  const such = and(ofRun(tx, runId), eq(step.type, type));
  return (await tx.db.select({ path: step.path }).from(step).where(such).limit(1)).length > 0;
}

/** One ended step of a run, or null. */
export async function getStep(tx: Tenant, input: { runId: string; path: string }): Promise<StepRecord | null> {
  const [row] = await tx.db
    .select(WHOLE)
    .from(step)
    .where(and(ofRun(tx, input.runId), eq(step.path, input.path)));
  return row ? present(row) : null;
}

/** The steps of a run. */
export const ofRun = (tx: Tenant, runId: string) =>
  and(eq(step.workspaceId, tx.workspace), eq(step.runId, runId), inMonthOf(tx, runId, step.month));

/**
 * What is below a path: `each[3].charge` and `each[3].inner[0].x` are below `each` and `each[3]`. In the order of bytes,
 * '.' is followed by '/', and '[' by '\'.
 */
export function isBelow(path: string): SQL {
  const steps = and(gt(step.path, `${path}.`), lt(step.path, `${path}/`));
  const items = and(gt(step.path, `${path}[`), lt(step.path, `${path}\\`));
  // The range around both is what an index finds.
  return sql`${step.path} > ${`${path}.`} and ${step.path} < ${`${path}\\`} and ((${steps}) or (${items}))`;
}

const AMONG = {
  'outside-loops': sql`${step.path} not like '%[%'`,
  undo: sql`${step.path} like '%.compensate'`,
};

/** What a list shows of a step. */
export const STEP_FACTS = {
  path: step.path,
  node: step.node,
  type: step.type,
  label: step.label,
  status: step.status,
  port: step.port,
  error: step.error,
  attempts: step.attempts,
  startedAt: step.startedAt,
  endedAt: step.endedAt,
};

const OUTPUTS = { ...STEP_FACTS, output: step.output, outputRef: step.outputRef };

const WHOLE = { ...OUTPUTS, input: step.input };

const COLUMNS = { whole: WHOLE, outputs: OUTPUTS, facts: STEP_FACTS };

const bytesOf = (columns: Partial<typeof WHOLE>): SQL =>
  sql`(${sql.join(
    [columns.input, columns.output, columns.outputRef, columns.error]
      .filter((column) => column !== undefined)
      .map((column) => sql`coalesce(octet_length(${column}), 0)`),
    sql` + `,
  )})`;

const ORDERS: Record<StepSelection['by'], SQL> = {
  end: sql`at nulls last, segment, history_length, seq`,
  path: sql`path`,
};

/** Without the fields that a step does not have. */
const present = ({ label, outputRef, ...row }: Row): StepRecord => ({
  ...row,
  ...(label === null ? {} : { label }),
  ...(outputRef ? { outputRef } : {}),
});

type Row = Omit<StepRecord, 'label' | 'outputRef'> & {
  readonly label: string | null;
  readonly outputRef?: StepRecord['outputRef'] | null;
};
