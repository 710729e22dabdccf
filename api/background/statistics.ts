import { foldStatistics, withWorkspace } from '../../db/index.ts';
import type { Deps } from '../context.ts';
import { repeat } from './repeat.ts';

/** Whoever asks for statistics gets what was not counted yet, too, so this only keeps it from becoming much. */
const EVERY_MS = 20_000;
const FIRST_MS = 200;

/** Counts runs that have ended. @returns a function that stops it; its promise resolves when the current round is over */
export const startStatistics = (deps: Pick<Deps, 'database' | 'workspace' | 'log' | 'rounds'>): (() => Promise<void>) =>
  repeat(deps, {
    name: 'counting ended runs',
    everyMs: EVERY_MS,
    firstMs: FIRST_MS,
    work: () => countAll(deps),
  });

/** Counts all that is to be counted, in many small transactions. */
export async function countAll({ database, workspace }: Pick<Deps, 'database' | 'workspace'>): Promise<void> {
  while (await withWorkspace(database, workspace, foldStatistics));
}
