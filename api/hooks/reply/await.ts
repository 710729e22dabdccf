import { setTimeout } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import type { Started } from '../../start/request.ts';
import type { HookReads } from '../reads.ts';
import { type Reply, waitForReply } from './wait.ts';
import type { Waiters } from './waiters.ts';

/** A run that takes longer gets its opening row: others should see that it is running. */
const SHORT_MS = 500;

/** Who waits for which run. */
export interface Caller {
  readonly address: string;
  readonly started: Started;
  /** How long the caller waits. */
  readonly ms: number;
  /** Aborted when the caller has hung up. */
  readonly signal: AbortSignal;
}

/**
 * Waits for the answer of a run, and sees to it that a run which goes on can be found.
 *
 * @returns null if there is none in time, if the caller has hung up, or if too many others wait
 */
export async function awaitReply(
  ctx: Context,
  { reads, waiters }: { reads: HookReads; waiters: Waiters },
  caller: Caller,
): Promise<Reply | null> {
  const { started, address } = caller;
  if (started.inline) return replyOf(started.inline);
  const leave = waiters.enter(address);
  if (leave === null) {
    started.watch?.stop();
    return null;
  }
  const answer = waitForReply(ctx, reads, caller);
  return openIfLong(started, answer).finally(leave);
}

async function openIfLong(started: Started, answer: Promise<Reply | null>): Promise<Reply | null> {
  const early = await Promise.race([answer, setTimeout(SHORT_MS, undefined, { ref: false })]);
  // A run that has ended has its closing row, which is final.
  if (early && (early.kind === 'ended' || early.isOver)) return early;
  const written = started.open();
  // In any case no longer than the caller waits: a row that is not written yet is written later.
  if (!early) await Promise.race([written, answer]);
  return early ?? answer;
}

/** The answer of a run that was executed at once: nobody needs to be asked. */
const replyOf = ({ record, response }: NonNullable<Started['inline']>): Reply =>
  response === null
    ? { kind: 'ended', status: record.status, output: record.output }
    : { kind: 'response', response, isOver: true };
