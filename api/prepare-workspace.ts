import { DataError, ensureWorkspace, indexOldWorkflows, resealConnections, withWorkspace } from '../db/index.ts';
import type { Deps } from './context.ts';
import { whenStarted } from './when-started.ts';

/** Makes the workspace exist, makes its workflows findable, and seals its connections as this version of Blok does. */
export async function prepareWorkspace({
  database,
  workspace,
  keyring,
  log,
}: Pick<Deps, 'database' | 'workspace' | 'keyring' | 'log'>): Promise<void> {
  await whenStarted({ log }, () => withWorkspace(database, workspace, ensureWorkspace));
  await whenStarted({ log }, () => withWorkspace(database, workspace, indexOldWorkflows));
  try {
    await whenStarted({ log }, () => withWorkspace(database, workspace, (tx) => resealConnections(tx, keyring)));
  } catch (error) {
    // With another key than the one before, everything works that needs no connection.
    if (!(error instanceof DataError)) throw error;
    log.warn({ reason: error.message }, 'connections of an older Blok are not sealed again yet');
  }
}
