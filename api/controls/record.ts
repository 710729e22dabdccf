import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  askControl,
  type Control,
  findControl,
  type KnownControl,
  type RunSummary,
  settleControl,
} from '../../db/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { hashOf } from '../hash.ts';
import { problemOf } from '../http/errors.ts';
import { ApiProblem } from '../http/problem.ts';
import { ended } from '../runs/load.ts';

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

/** How often somebody looks whose request is being carried out already. */
const LOOK_EVERY_MS = 100;

/**
 * Does something to a run, and writes down who asked for it, when and why: before it is done, so that nothing is done
 * that nobody knows of, and again with what came of it. A request that was done is not done again under the same key, and
 * one that is being done is waited for.
 *
 * @param work does it; `id` tells Temporal that a repeated request is the same one
 * @throws ApiProblem `idempotency.mismatch`, and what `work` throws
 */
export async function recorded(ctx: Context, asked: Asked, work: (id: string) => Promise<void>): Promise<Control> {
  const { id: runId, key: id = randomUUID(), by, reason, action, step, detail } = asked;
  const digest = digestOf(asked);
  const ask = () => ctx.tenant((tx) => askControl(tx, { runId, id, by, reason, action, step, detail, digest }));
  const { control, isMine } = await onceDecided(digest, ask);
  if (!isMine) return control;
  try {
    await work(id);
  } catch (error) {
    await settle(ctx, { runId, id, outcome: problemOf(error).code });
    throw error;
  }
  return (await settle(ctx, { runId, id, outcome: 'done' })) ?? control;
}

/**
 * The same for what only an open run takes. Of a run that has ended, it gives what was done under the key before.
 *
 * @throws ApiProblem `run.ended`, besides
 */
export async function recordedWhileOpen(
  ctx: Context,
  run: RunSummary,
  asked: Asked,
  work: (id: string) => Promise<void>,
): Promise<Control> {
  if (run.endedAt === null) return recorded(ctx, asked, work);
  const { id: runId, key: id } = asked;
  const find = async () => (id === undefined ? null : ctx.tenant((tx) => findControl(tx, { runId, id })));
  const before = await onceDecided(digestOf(asked), find);
  if (before?.control.outcome === 'done') return before.control;
  throw ended(run.id);
}

/** Waits for what a run that has ended does not need any more. */
export async function unlessEnded(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (problemOf(error).code !== 'run.ended') throw error;
  }
}

/** What is written under a key, once nobody else is carrying it out. @throws ApiProblem `idempotency.mismatch` */
async function onceDecided<Known extends KnownControl | null>(
  digest: string,
  look: () => Promise<Known>,
): Promise<Known> {
  for (;;) {
    const known = await look();
    if (known && known.digest !== digest) throw otherRequest();
    if (!known?.isUnderway) return known;
    await setTimeout(LOOK_EVERY_MS);
  }
}

const digestOf = ({ action, step, request = null }: Asked): string => hashOf({ action, step: step ?? null, request });

const settle = (ctx: Context, input: { runId: string; id: string; outcome: string }): Promise<Control | null> =>
  ctx.tenant((tx) => settleControl(tx, input));

const otherRequest = (): ApiProblem =>
  new ApiProblem(
    'idempotency.mismatch',
    'Something else was done to this run under this Idempotency-Key. Use a new key for a new request.',
  );
