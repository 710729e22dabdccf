import { type Budget, countBudgets, dayOf, getBudget, putBudget as store } from '../../db/index.ts';
import { parseMoney } from '../../graph/money.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { present } from './present.ts';

/** Most budgets of a workspace, because each call is compared with all that apply. */
export const MOST_BUDGETS = 200;

/** What a budget is set to. */
export interface BudgetInput extends Pick<Budget, 'name' | 'scope' | 'kind'> {
  /** US dollars, checked before. */
  readonly amount: string;
  readonly period?: Budget['period'] | undefined;
  readonly workflow?: string | undefined;
}

/** Sets a budget. What was spent before counts. @throws ApiProblem `budget.tooMany` */
export async function putBudget(ctx: Context, input: BudgetInput) {
  const { name, scope, kind, amount, workflow = null } = input;
  const period = input.period ?? (scope === 'workflow' || scope === 'workspace' ? 'day' : 'total');
  return ctx.tenant(async (tx) => {
    if ((await countBudgets(tx)) >= MOST_BUDGETS && (await getBudget(tx, { name })) === null)
      throw new ApiProblem('budget.tooMany', `A workspace has at most ${MOST_BUDGETS} budgets. Delete one first.`);
    const stored = await store(tx, { name, scope, kind, workflow, period, amount: parseMoney(amount)! });
    return present(tx, stored, await dayOf(tx));
  });
}
