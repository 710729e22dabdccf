import { Context } from '@temporalio/activity';
import type { Patience } from '../../db/index.ts';

/**
 * The patience of the running activity: half of the time that its attempt may take, so that the rest is left for the
 * node. Waiting delays a step but does not use up the attempts meant for the service that the step calls.
 */
export function patienceOfActivity(): Patience {
  const { info, cancellationSignal } = Context.current();
  return { limitMs: (info.startToCloseTimeoutMs ?? 0) / 2, signal: cancellationSignal };
}
