import {
  forgetSpending,
  isDatabaseAway,
  leaveEnded,
  SWEEPS,
  SWEPT,
  type Tenant,
  withWorkspace,
} from '../../db/index.ts';
import type { Deps } from '../context.ts';
import { repeat } from './repeat.ts';
import { tellNext } from './tell-next.ts';

const EVERY_MS = 3_600_000;
/** Soon after the start, because a process that is restarted often would otherwise never sweep. */
const FIRST_MS = 15_000;

type Swept = Pick<Deps, 'database' | 'workspace' | 'log' | 'runs' | 'rounds'>;

/** Removes what has passed its retention, once an hour. @returns a function that stops the sweep */
export function startSweep(deps: Swept): () => Promise<void> {
  return repeat(deps, {
    name: 'removing what has passed its retention',
    everyMs: EVERY_MS,
    firstMs: FIRST_MS,
    work: () => sweepAll(deps),
  });
}

/** Removes it all, in many small transactions, and takes runs out of the lines that have ended. */
export async function sweepAll(deps: Omit<Swept, 'log'>): Promise<void> {
  const { database, workspace } = deps;
  // Apart, because calls that are being made wait for the rows that this locks.
  const forget = (tx: Tenant) => forgetSpending(tx, { limit: SWEPT });
  const removals = [forget, ...SWEEPS].map((work) => async () => {
    for (let removed = SWEPT; removed >= SWEPT; ) removed = await withWorkspace(database, workspace, work);
  });
  const leave = async () => tellNext(deps, await withWorkspace(database, workspace, leaveEnded));
  const failed: unknown[] = [];
  // A kind that cannot be removed, because it takes too long, say, keeps no other kind from being removed.
  for (const work of [leave, ...removals]) {
    await work().catch((error) => {
      if (isDatabaseAway(error)) throw error;
      failed.push(error);
    });
  }
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} kinds could not be removed.`);
}
