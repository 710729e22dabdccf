import { Context } from '@temporalio/activity';

/** Temporal's own timeout should come first, because it is what the run is told. */
const LATER_MS = 500;
/** A longer limit is left to Temporal: timers of Node cannot be longer. */
const LONGEST_MS = 2_147_483_647;

/**
 * A signal that is aborted when the attempt is cancelled, or has taken longer than it may: nobody waits for its outcome
 * then, and its slot should not be held. Temporal's own signal would take up to five seconds longer.
 */
export function attemptSignal(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const { cancellationSignal, info } = Context.current();
  const late = new AbortController();
  const limit = info.startToCloseTimeoutMs + LATER_MS;
  const giveUp = (): void => late.abort(new Error('The attempt took longer than its timeout.'));
  const timer = limit > LONGEST_MS ? undefined : setTimeout(giveUp, limit);
  return { signal: AbortSignal.any([cancellationSignal, late.signal]), stop: () => clearTimeout(timer) };
}
