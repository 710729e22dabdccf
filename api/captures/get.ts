import { captured } from '../../db/index.ts';
import { defaultInput } from '../../graph/start/index.ts';
import type { Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { findTrigger, type TriggerName } from '../triggers/find.ts';
import { addressOf, maySeeAddress } from '../triggers/present.ts';
import { heldCall, presentCapture } from './present.ts';

/** What a capture holds so far. @throws ApiProblem `trigger.notFound`, `capture.notFound` */
export async function get(ctx: Context, { principal, ...name }: TriggerName & { readonly principal: Principal }) {
  const row = await findTrigger(ctx, name);
  return presentCapture(await rowsOf(ctx, name), maySeeAddress(principal) ? await addressOf(ctx, row) : null);
}

/**
 * A held call as something to build with: an example input, or the pin of the trigger in a dry run.
 *
 * @throws ApiProblem `trigger.notFound`, `capture.notFound`, `trigger.unsuited`
 */
export async function use(ctx: Context, { seq, as, ...name }: TriggerName & { seq: number; as: 'input' | 'pin' }) {
  const { uses } = await findTrigger(ctx, name);
  const row = (await rowsOf(ctx, name)).find((one) => one.seq === seq && one.at !== null);
  if (!row) throw new ApiProblem('capture.notFound', `No call ${seq} of "${name.id}" is held.`);
  const { fields, leftOutBytes } = heldCall(row.request);
  if (leftOutBytes !== null)
    throw new ApiProblem('trigger.unsuited', `The body of call ${seq} has ${leftOutBytes} bytes, and is not held.`);
  return { trigger: name.id, as, value: as === 'pin' ? fields : defaultInput(uses, fields) };
}

async function rowsOf(ctx: Context, name: TriggerName) {
  const rows = await ctx.tenant((tx) => captured(tx, { workflow: name.workflow, trigger: name.id }));
  if (rows.length > 0) return rows;
  throw noCapture(name);
}

/** The problem of a trigger that has no capture. */
export const noCapture = ({ workflow, id }: TriggerName): ApiProblem =>
  new ApiProblem(
    'capture.notFound',
    `Calls of "${id}" are not captured. POST /api/workflows/${workflow}/triggers/${id}/capture?next=3 holds the next three.`,
  );
