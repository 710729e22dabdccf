import type { RunStatus } from '../../graph/run-state/state/types.ts';
import type { Tenant } from '../database.ts';
import { addFirings } from './firings.ts';
import { triggersOfType } from './triggers.ts';
import { getVersion } from './workflows/versions.ts';

/** A run that has ended. */
interface Ended {
  readonly runId: string;
  readonly workflow: string;
  readonly version: number | null;
  readonly status: RunStatus;
  readonly depth?: number | null;
}

/**
 * Notes which `failure` triggers a run that has failed fires. Belongs into the transaction that writes the end of the run,
 * so that each failed run fires them once, whoever writes its end and whatever is killed.
 */
export async function announceFailure(tx: Tenant, { runId, workflow, version, status, depth }: Ended): Promise<void> {
  if (status !== 'failed' && status !== 'timed-out') return;
  if ((await triggersOfType(tx, { uses: 'failure', subject: workflow })).length === 0) return;
  // What `onFailure` names is started by the run itself, and must not start twice.
  const handler = version === null ? undefined : (await getVersion(tx, { name: workflow, version }))?.graph.onFailure;
  await addFirings(tx, {
    uses: 'failure',
    subject: workflow,
    key: runId,
    depth: (depth ?? 0) + 1,
    ...(handler !== undefined && { except: handler }),
  });
}
