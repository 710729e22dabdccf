import { setTimeout } from 'node:timers/promises';
import { Context } from '@temporalio/activity';

/** Connection codes of Node and of the driver, and SQLSTATEs of a server that stops, starts or is full. */
const STORE_AWAY: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '40001',
  '40P01',
  '55P03',
]);

/** True if Blok's own database cannot be reached now. Only of errors of `withWorkspace`: a node's may look the same. */
export function isStoreAway(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && STORE_AWAY.has(code);
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/** How long a step waits, and who may end that early. */
export interface Patience {
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Does work in Blok's own database, again while it is away: its absence delays a step and does not use up the attempts
 * meant for the service that the step calls. The work must bear being repeated.
 *
 * @throws what the work throws, in the end or because it is something else; the signal's reason
 */
export async function patiently<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const until = Date.now() + patience.limitMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!isStoreAway(error) || Date.now() + pauseMs > until) throw error;
      await setTimeout(pauseMs, undefined, patience.signal ? { signal: patience.signal } : {});
    }
  }
}

/** The patience of the activity under way: half of what its attempt may take, so that the rest is left for the node. */
export function patienceOfActivity(): Patience {
  const { info, cancellationSignal } = Context.current();
  return { limitMs: (info.startToCloseTimeoutMs ?? 0) / 2, signal: cancellationSignal };
}
