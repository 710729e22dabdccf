import { areOpen, type Tenant } from '../../db/index.ts';
import { NodeError } from '../../integrations/error.ts';
import type { ActivityDeps } from '../base/deps.ts';

/**
 * Lets a run start another only while the workspace has room. Otherwise, runs that start runs without waiting for them
 * would fill the machine. The step is retried as its retry policy says, because room becomes free again.
 *
 * @throws NodeError `run.tooMany`
 */
export async function requireRoom({ maxOpenRuns }: Pick<ActivityDeps, 'maxOpenRuns'>, tx: Tenant): Promise<void> {
  if (!(await areOpen(tx, { count: maxOpenRuns }))) return;
  throw new NodeError(
    'run.tooMany',
    `${maxOpenRuns} runs of this workspace are open, and a run may not start another one until some have ended. Does a ` +
      'workflow start others faster than they end? The operator sets the limit with BLOK_MAX_OPEN_RUNS.',
    { retryable: true },
  );
}
