import { dayOf, getBudget as find } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { present } from './present.ts';

/** A budget, with what counts now. @throws ApiProblem `budget.notFound` */
export async function getBudget(ctx: Context, { name }: { name: string }) {
  return ctx.tenant(async (tx) => {
    const budget = await find(tx, { name });
    if (budget === null) throw noBudget(name);
    return present(tx, budget, await dayOf(tx));
  });
}

export const noBudget = (name: string): ApiProblem =>
  new ApiProblem('budget.notFound', `There is no budget "${name}". GET /api/budgets lists them.`);
