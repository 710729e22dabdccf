import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  proxySinks,
  sleep,
} from '@temporalio/workflow';
import { INTERNAL_INPUT_IN_HISTORY } from '../../../graph/sandbox.ts';
import type { InternalActivities, InterpreterSinks } from '../../activities.ts';
import { empty } from './empty.ts';

/** A database that is unavailable for a while delays a run but does not fail it. */
const PATIENT = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '30 seconds',
  maximumAttempts: 100_000,
} as const;

/** Internal work that must succeed. */
export const internalActivities = proxyActivities<InternalActivities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '15 seconds',
  retry: PATIENT,
});

/** Internal work that takes as long as another workflow does, or waits for its turn. Heartbeats show that it is being done. */
export const longActivities = proxyActivities<InternalActivities>({
  startToCloseTimeout: '3650 days',
  heartbeatTimeout: '15 seconds',
  retry: PATIENT,
});

/**
 * Internal work as part of the workflow task, without a round trip. Fails after a few seconds; the caller falls back.
 */
const localActivities = proxyLocalActivities<InternalActivities>({
  startToCloseTimeout: '2 seconds',
  scheduleToCloseTimeout: '5 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumAttempts: 3 },
});

/**
 * Writes the opening row of a called run, and a run's own closing record. A local activity would add an event, another
 * activation and the round trip between them: most of what a short run costs more than a hand-written workflow. As with
 * a local activity, a failure changes nothing.
 */
export const { blok: recordSink } = proxySinks<InterpreterSinks>();

/** True if trying again cannot help, as it can once the database is back. */
const isFinal = (thrown: unknown): boolean =>
  thrown instanceof ActivityFailure &&
  thrown.cause instanceof ApplicationFailure &&
  thrown.cause.nonRetryable === true &&
  thrown.cause.type !== 'store.away';

/**
 * Tries a local activity first and, if that fails, a patient one. The input of a local activity never reaches history,
 * so work with large input is repeated as a local activity until it succeeds. Takes ownership of the input.
 */
export async function callStore<K extends keyof InternalActivities>(
  name: K,
  input: Parameters<InternalActivities[K]>[0],
): Promise<Awaited<ReturnType<InternalActivities[K]>>> {
  const fast = localActivities[name] as (input: unknown) => Promise<unknown>;
  const slow = internalActivities[name] as (input: unknown) => Promise<unknown>;
  try {
    for (let pause = 1_000; ; pause = Math.min(30_000, pause * 2)) {
      try {
        return (await fast(input)) as never;
      } catch (thrown) {
        if (isCancellation(thrown) || isFinal(thrown)) throw thrown;
        if (JSON.stringify(input).length <= INTERNAL_INPUT_IN_HISTORY) return (await slow(input)) as never;
      }
      await sleep(pause, { summary: `${name}: the database is away` });
    }
  } finally {
    empty(input);
  }
}
