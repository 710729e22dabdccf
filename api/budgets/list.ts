import { dayOf, listBudgets as listStored } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { present } from './present.ts';

/** The budgets of the workspace by name, with what counts now. */
export async function listBudgets(ctx: Context) {
  return ctx.tenant(async (tx) => {
    const day = await dayOf(tx);
    const items = [];
    for (const budget of await listStored(tx)) items.push(await present(tx, budget, day));
    return { items };
  });
}
