import { type Control, listControls } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { summaryOf } from '../runs/load.ts';

/** What operators did to a run. @throws ApiProblem `run.notFound` */
export async function controlsOf(ctx: Context, { id }: { id: string }): Promise<{ items: Control[] }> {
  await summaryOf(ctx, id);
  return { items: await ctx.tenant((tx) => listControls(tx, { runId: id })) };
}
