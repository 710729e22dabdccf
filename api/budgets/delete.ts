import { deleteBudget as remove } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { noBudget } from './get.ts';

/** Removes a budget. @throws ApiProblem `budget.notFound` */
export async function deleteBudget(ctx: Context, { name }: { name: string }): Promise<{ deleted: true }> {
  if (!(await ctx.tenant((tx) => remove(tx, { name })))) throw noBudget(name);
  return { deleted: true };
}
