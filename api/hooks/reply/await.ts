import { setTimeout } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import type { Started } from '../../start/request.ts';
import type { HookReads } from '../reads.ts';
import { type Reply, waitForReply } from './wait.ts';

/** A run that takes longer gets its opening row: others should see that it is running. */
const SHORT_MS = 500;

/** Waits for the answer of a run, and sees to it that a run which goes on can be found. */
export async function awaitReply(
  ctx: Context,
  reads: HookReads,
  { started, ms }: { started: Started; ms: number },
): Promise<Reply | null> {
  if (started.inline) return replyOf(started.inline);
  const answer = waitForReply(ctx, reads, { started, ms });
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
