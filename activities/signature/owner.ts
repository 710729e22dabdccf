import { runIdOf } from '../../db/index.ts';
import type { Acting } from './belongs.ts';

/** A workflow id of a run has this many parts; its chains add more (`db/ids.ts`). */
const PARTS = 4;

/** The run to which a workflow belongs, as the ids say that Temporal's server keeps. */
export interface Owner extends Acting {
  /** The run's own workflow id. */
  readonly workflowId: string;
}

/** The run that a workflow id names: its own, or that of a chain of it. Undefined: it names none. */
export function ownerOf(workflowId: string): Owner | undefined {
  const own = workflowId.split('/').slice(0, PARTS);
  const ownId = own.join('/');
  const [workspace, workflow] = own;
  if (own.length < PARTS || !workspace || !workflow) return undefined;
  return { workspace, workflow, runId: runIdOf(ownId), workflowId: ownId };
}
