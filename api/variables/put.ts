import { renewTriggers, setVariable } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';

/** Sets a variable of the workspace, or of one workflow; runs that start from now on see it, and so do triggers. */
export async function putVariable(ctx: Context, input: { workflow?: string; name: string; value: Json }) {
  const set = await ctx.tenant(async (tx) => {
    await renewTriggers(tx, { workflow: input.workflow });
    return setVariable(tx, input);
  });
  ctx.triggerAlarm.ring();
  return set;
}
