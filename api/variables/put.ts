import { setVariable } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';

/** Sets a variable of the workspace, or of one workflow; runs that start from now on see it. */
export async function putVariable(ctx: Context, input: { workflow?: string; name: string; value: Json }) {
  return ctx.tenant((tx) => setVariable(tx, input));
}
