import { type Database, isUnsignedRun, runIdOf, withWorkspace } from '../../db/index.ts';
import { createLru } from '../../graph/lru.ts';
import { type Acting, belongs } from './belongs.ts';

/** Runs that were found to be marked. They are few, and there are fewer every day. */
const KEPT = 1_000;

/** A workflow id of a run has this many parts; its chains add more (`db/ids.ts`). */
const PARTS = 4;

/**
 * Lets runs go on that were open when starts began to be signed. The migration marked these in the database, where
 * nobody who can only reach Temporal adds another.
 */
export function createUnsigned(
  database: Database,
): (call: { type: string; input: unknown; workflowId: string }) => Promise<boolean> {
  const marked = createLru<true>(KEPT);
  return async ({ type, input, workflowId }) => {
    const own = workflowId.split('/').slice(0, PARTS);
    const ownId = own.join('/');
    const [workspace, workflow] = own;
    if (own.length < PARTS || !workspace || !workflow) return false;
    const run: Acting = { workspace, workflow, runId: runIdOf(ownId) };
    if (!belongs(type, input, run, ownId)) return false;
    if (marked.get(ownId)) return true;
    const known = await withWorkspace(database, workspace, (tx) => isUnsignedRun(tx, { workflowId: ownId }));
    if (known) marked.set(ownId, true);
    return known;
  };
}
