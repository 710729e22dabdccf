import { rotateTrigger } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { findTrigger, type TriggerName } from './find.ts';
import { type Asked, getTriggerView } from './list.ts';

/** Gives a webhook or form a new address; the old one no longer works. @throws ApiProblem `trigger.notFound`, `trigger.unsuited` */
export async function rotate(ctx: Context, { principal, ...name }: Asked & TriggerName) {
  const { uses } = await findTrigger(ctx, name);
  if (!(await ctx.tenant((tx) => rotateTrigger(tx, { ...name, keyring: ctx.keyring }))))
    throw new ApiProblem('trigger.unsuited', `"${name.id}" is a ${uses}, which has no address.`);
  return getTriggerView(ctx, { ...name, principal });
}
