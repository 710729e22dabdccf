import { listWorkflows as listStored } from '../../db/index.ts';
import type { Context } from '../context.ts';

/** All workflows of the workspace, by name. */
export async function listWorkflows(ctx: Context) {
  return { items: await ctx.tenant((tx) => listStored(tx)) };
}
