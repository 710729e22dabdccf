import type { StepRecord } from '../../graph/run-state/state/types.ts';
import type { Tenant } from '../database.ts';
import { getSteps } from '../queries/runs/steps.ts';

/** All ended steps of a run, in the order in which they ended. */
export const allSteps = async (tx: Tenant, runId: string): Promise<StepRecord[]> =>
  (await getSteps(tx, { runId, by: 'end', most: 1_000_000, bytes: 1_000_000_000 })).steps;
