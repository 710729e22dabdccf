import { randomUUID } from 'node:crypto';
import { askControl, type Control, settleControl } from '../../db/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { hashOf } from '../hash.ts';
import { problemOf } from '../http/errors.ts';
import { ApiProblem, PROBLEMS } from '../http/problem.ts';

/** Who asks for something, why, and under which key. */
export interface Asking {
  /** Of the run. */
  readonly id: string;
  readonly by: string;
  readonly reason?: string | undefined;
  /** The Idempotency-Key of the request. */
  readonly key?: string | undefined;
}

/** Something asked of one step. */
export type AskingStep = Asking & {
  readonly step: string;
  /** Whoever asks may decide approvals, too. */
  readonly mayDecide: boolean;
};

/** What is asked for. */
interface Asked extends Asking {
  readonly action: string;
  readonly step?: string;
  /** What else was asked for, for readers. */
  readonly detail?: JsonObject;
  /** All that makes two requests the same, besides action and step. */
  readonly request?: Json | undefined;
}

/**
 * Does something to a run, and writes down who asked for it, when and why: before it is done, so that nothing is done
 * that nobody knows of, and again with what came of it. A request that was done is not done again under the same key.
 *
 * @param work does it; `id` tells Temporal that a repeated request is the same one
 * @throws ApiProblem `idempotency.mismatch`, and what `work` throws
 */
export async function recorded(ctx: Context, asked: Asked, work: (id: string) => Promise<void>): Promise<Control> {
  const { id: runId, key: id = randomUUID(), by, reason, action, step, detail, request = null } = asked;
  const digest = hashOf({ action, step: step ?? null, request });
  const { digest: known, ...written } = await ctx.tenant((tx) =>
    askControl(tx, { runId, id, by, reason, action, step, detail, digest }),
  );
  if (known !== digest) throw otherRequest();
  if (written.outcome === 'done') return written;
  try {
    await work(id);
  } catch (error) {
    const { code } = problemOf(error);
    // An answer that did not come says nothing about what has happened: the request may be sent again.
    if (PROBLEMS[code][0] < 500) await settle(ctx, { runId, id, outcome: code });
    throw error;
  }
  return (await settle(ctx, { runId, id, outcome: 'done' })) ?? written;
}

const settle = (ctx: Context, input: { runId: string; id: string; outcome: string }): Promise<Control | null> =>
  ctx.tenant((tx) => settleControl(tx, input));

const otherRequest = (): ApiProblem =>
  new ApiProblem(
    'idempotency.mismatch',
    'Something else was done to this run under this Idempotency-Key. Use a new key for a new request.',
  );
