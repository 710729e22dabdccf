import type { RunSummary } from '../../db/index.ts';
import type { StepRecord } from '../../graph/run-state/state/types.ts';
import type { Context } from '../context.ts';
import { askQuietly, summaryOf } from '../runs/load.ts';

/** A run, and the steps that it holds itself while it is open. What a run says of a step is newer than what is stored. */
export interface LiveRun {
  readonly run: RunSummary;
  readonly steps: readonly StepRecord[];
}

/** @throws ApiProblem `run.notFound` */
export async function liveRun(ctx: Context, id: string): Promise<LiveRun> {
  const run = await summaryOf(ctx, id);
  const view = run.endedAt === null ? await askQuietly(ctx, run.workflowId) : null;
  return { run, steps: view?.steps ?? [] };
}

/** The paths of steps. */
export const pathsOf = (steps: readonly StepRecord[]): string[] => steps.map(({ path }) => path);

/** The earlier of two times, of which either may be missing. */
export const earlier = (a: string | null, b: string | null): string | null =>
  a === null || (b !== null && b < a) ? b : a;

/** The later of two times. */
export const later = (a: string | null, b: string | null): string | null =>
  a === null || (b !== null && b > a) ? b : a;
