import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { inPieces } from '../../pieces.ts';
import { runStatistic, stepStatistic } from '../../schema/index.ts';
import {
  type EndedRun,
  inMonth,
  type RunTally,
  readStepTallies,
  runSums,
  type StepTally,
  stepSums,
  talliesOf,
} from './tally.ts';

/** Runs whose steps are counted together: each may have thousands. */
const RUNS = 100;

/** Counts runs and their steps. One transaction at a time does this for a workspace. */
export async function addCounts(tx: Tenant, runs: readonly EndedRun[]): Promise<void> {
  const sums = runSums();
  for (const tally of runs.flatMap(talliesOf)) sums.add(tally);
  for (const piece of inPieces(sums.all())) await addRuns(tx, piece);
  for (const some of inPieces(runs, RUNS)) await addStepsOf(tx, some);
}

async function addStepsOf(tx: Tenant, runs: readonly EndedRun[]): Promise<void> {
  const sums = stepSums();
  for (const tally of await readStepTallies(tx, runs)) {
    sums.add(tally);
    sums.add(inMonth(tally));
  }
  for (const piece of inPieces(sums.all())) await addSteps(tx, piece);
}

async function addRuns(tx: Tenant, tallies: readonly RunTally[]): Promise<void> {
  const sums = runSums();
  for (const tally of tallies) sums.add(tally);
  const places = and(
    eq(runStatistic.workspaceId, tx.workspace),
    inArray(runStatistic.grain, unique(tallies.map(({ grain }) => grain))),
    inArray(runStatistic.workflow, unique(tallies.map(({ workflow }) => workflow))),
    inArray(runStatistic.at, unique(tallies.map(({ at }) => at))),
  );
  for (const { workspaceId: _, ...known } of await tx.db.select().from(runStatistic).where(places)) {
    if (sums.has(known)) sums.add(known);
  }
  await tx.db
    .insert(runStatistic)
    .values(sums.all().map((tally) => ({ ...tally, workspaceId: tx.workspace })))
    .onConflictDoUpdate({
      target: [runStatistic.workspaceId, runStatistic.workflow, runStatistic.grain, runStatistic.at],
      set: { counts: sql`excluded.counts`, durations: sql`excluded.durations`, cost: sql`excluded.cost` },
    });
}

async function addSteps(tx: Tenant, tallies: readonly StepTally[]): Promise<void> {
  const sums = stepSums();
  for (const tally of tallies) sums.add(tally);
  const places = and(
    eq(stepStatistic.workspaceId, tx.workspace),
    inArray(stepStatistic.grain, unique(tallies.map(({ grain }) => grain))),
    inArray(stepStatistic.workflow, unique(tallies.map(({ workflow }) => workflow))),
    inArray(stepStatistic.day, unique(tallies.map(({ day }) => day))),
    inArray(stepStatistic.node, unique(tallies.map(({ node }) => node))),
  );
  for (const { workspaceId: _, ...known } of await tx.db.select().from(stepStatistic).where(places)) {
    if (sums.has(known)) sums.add(known);
  }
  await tx.db
    .insert(stepStatistic)
    .values(sums.all().map((tally) => ({ ...tally, workspaceId: tx.workspace })))
    .onConflictDoUpdate({
      target: [
        ...[stepStatistic.workspaceId, stepStatistic.workflow, stepStatistic.grain],
        ...[stepStatistic.day, stepStatistic.node],
      ],
      set: {
        ...{ type: sql`excluded.type`, count: sql`excluded.count`, failed: sql`excluded.failed` },
        ...{ retries: sql`excluded.retries`, ms: sql`excluded.ms`, durations: sql`excluded.durations` },
      },
    });
}

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)];
