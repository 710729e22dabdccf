import { NodeError } from '../../integrations/error.ts';

/** Timers of Node cannot be longer. A longer limit is left to Temporal. */
const LONGEST_MS = 2_147_483_647;

/** How long an attempt may take, and whether the node as a whole may take no longer. */
export interface Limit {
  readonly ms: number;
  readonly whole: boolean;
}

/**
 * Does work within a limit: when time is up, its signal is aborted, and whatever it then throws is a timeout.
 *
 * @throws NodeError `timeout`; what the work throws
 */
export async function withinLimit<T>(
  { ms, whole }: Limit,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = ms > LONGEST_MS ? undefined : setTimeout(() => late.abort(tookTooLong(whole)), ms);
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } catch (error) {
    throw late.signal.aborted && !signal.aborted ? late.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** The same error as Temporal's own timeouts become. */
function tookTooLong(whole: boolean): NodeError {
  const message = whole ? 'The node took longer than its timeout.' : 'The attempt took longer than its timeout.';
  return new NodeError('timeout', message, { unknown: true, retryable: !whole });
}
