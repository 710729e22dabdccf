import { forgetSpending, leaveEnded, SWEPT, sweep, type Tenant, withWorkspace } from '../../db/index.ts';
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
  await tellNext(deps, await withWorkspace(database, workspace, leaveEnded));
  // Apart, because calls that are being made wait for the rows that this locks.
  const forget = (tx: Tenant) => forgetSpending(tx, { limit: SWEPT });
  for (const work of [forget, sweep])
    for (let removed = SWEPT; removed >= SWEPT; ) removed = await withWorkspace(database, workspace, work);
}
