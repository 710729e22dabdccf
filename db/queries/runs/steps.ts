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
  /** Those below these containers; or those that are in no loop, and all undo steps. */
  readonly among?: readonly string[] | 'outside-loops' | undefined;
}

/** The first ended steps of a run. `more`: there are others. */
export async function getSteps(
  tx: Tenant,
  { runId, by, most, bytes, after, among }: StepSelection,
): Promise<{ steps: StepRecord[]; more: boolean }> {
  const order = ORDERS[by];
  const wanted = and(
    ofRun(tx, runId),
    after === undefined ? undefined : gt(step.path, after),
    among === 'outside-loops' ? OUTSIDE_LOOPS : among && or(...among.map(isBelow)),
  );
  // Postgres knows how long a stored text is without reading it. One step too many tells whether there are more.
  const first = sql`
    select ${SELECTED}, coalesce(${step.endedAt}, ${step.startedAt}) as at, ${step.segment} as segment,
      ${step.historyLength} as history_length, ${step.seq} as seq, ${BYTES} as bytes
    from ${step} where ${wanted} order by ${order} limit ${most + 1}`;
  const summed = sql`
    select *, count(*) over () as found, row_number() over (order by ${order}) as nth,
      sum(bytes) over (order by ${order} rows unbounded preceding) as total
    from (${first}) as first`;
  const rows = await tx.db
    .select({ ...SUMMED, found: sql<number>`found::int` })
    .from(sql`(${summed}) as summed`)
    .where(sql`nth <= ${most} and (nth = 1 or total <= ${bytes})`)
    .orderBy(sql`nth`);
  return { steps: rows.map(({ found: _, ...row }) => present(row)), more: rows.length < (rows[0]?.found ?? 0) };
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

const OUTSIDE_LOOPS = sql`(${step.path} not like '%[%' or ${step.path} like '%.compensate')`;

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

const WHOLE = { ...STEP_FACTS, input: step.input, output: step.output, outputRef: step.outputRef };

/** Columns of a step under the names of its fields, and the same fields of a query around. */
const SELECTED = sql.join(
  Object.entries(WHOLE).map(([name, column]) => sql`${column} as ${sql.identifier(name)}`),
  sql`, `,
);
const SUMMED = Object.fromEntries(
  Object.entries(WHOLE).map(([name, column]) => [name, sql`${sql.identifier(name)}`.mapWith(column)]),
) as unknown as typeof WHOLE;

const BYTES = sql`(${sql.join(
  [step.input, step.output, step.outputRef, step.error].map((column) => sql`coalesce(octet_length(${column}), 0)`),
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
  ...(outputRef === null ? {} : { outputRef }),
});

type Row = Omit<StepRecord, 'label' | 'outputRef'> & {
  readonly label: string | null;
  readonly outputRef: NonNullable<StepRecord['outputRef']> | null;
};
