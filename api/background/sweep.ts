import { sweep, withWorkspace } from '../../db/index.ts';
import type { Deps } from '../context.ts';
import { repeat } from './repeat.ts';

const EVERY_MS = 3_600_000;
/** Soon after the start, because a process that is restarted often would otherwise never sweep. */
const FIRST_MS = 15_000;

/** Removes what has passed its retention, once an hour. @returns a function that stops the sweep */
export function startSweep(deps: Pick<Deps, 'database' | 'workspace' | 'log'>): () => Promise<void> {
  return repeat(deps, {
    name: 'removing what has passed its retention',
    everyMs: EVERY_MS,
    firstMs: FIRST_MS,
    work: () => withWorkspace(deps.database, deps.workspace, sweep),
  });
}
