import { type Database, isUnsignedRun, withWorkspace } from '../../db/index.ts';
import { createLru } from '../../graph/lru.ts';
import { belongs } from './belongs.ts';
import { ownerOf } from './owner.ts';

/** Runs that were found to be marked. They are few, and there are fewer every day. */
const KEPT = 1_000;

/**
 * Lets runs go on that were open when starts began to be signed. The migration marked these in the database, where
 * nobody who can only reach Temporal adds another.
 */
export function createUnsigned(
  database: Database,
): (call: { type: string; input: unknown; workflowId: string }) => Promise<boolean> {
  const marked = createLru<true>(KEPT);
  return async ({ type, input, workflowId }) => {
    const owner = ownerOf(workflowId);
    if (!owner) return false;
    const { workspace, workflowId: ownId } = owner;
    if (!belongs(type, input, owner, ownId)) return false;
    if (marked.get(ownId)) return true;
    const known = await withWorkspace(database, workspace, (tx) => isUnsignedRun(tx, { workflowId: ownId }));
    if (known) marked.set(ownId, true);
    return known;
  };
}
