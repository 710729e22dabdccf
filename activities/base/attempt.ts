import type { Info } from '@temporalio/activity';

type Attempted = Pick<Info, 'attempt' | 'heartbeatDetails'>;

/**
 * How often this activity was handed back before its step began, because its turn under a rate limit had not come. Temporal
 * counts such times as attempts. Their number is kept in the heartbeats, which Temporal passes on to the next attempt.
 */
export const waitsOf = ({ heartbeatDetails }: Pick<Info, 'heartbeatDetails'>): number => {
  const waits = (heartbeatDetails as { waits?: unknown } | undefined)?.waits;
  return typeof waits === 'number' ? waits : 0;
};

/** The number of this attempt among those of the activity that are attempts for Blok, from 1. */
export const attemptOf = (info: Attempted): number => Math.max(1, info.attempt - waitsOf(info));
