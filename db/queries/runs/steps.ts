import { and, asc, eq, sql } from 'drizzle-orm';
import type { StepRecord } from '../../../graph/run-state/state/types.ts';
import type { Tenant } from '../../database.ts';
import { step } from '../../schema/index.ts';
import { inMonthOf } from './month.ts';

/** The ended steps of a run, in the order in which they ended. */
export async function getSteps(tx: Tenant, input: { runId: string }): Promise<StepRecord[]> {
  const rows = await tx.db
    .select(WHOLE)
    .from(step)
    .where(ofRun(tx, input.runId))
    .orderBy(
      sql`coalesce(${step.endedAt}, ${step.startedAt}) nulls last`,
      asc(step.segment),
      asc(step.historyLength),
      asc(step.seq),
    );
  return rows.map(present);
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
