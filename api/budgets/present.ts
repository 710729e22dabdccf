import { type Budget, type StoredBudget, spentBy, type Tenant } from '../../db/index.ts';
import { formatMoney } from '../../graph/money.ts';

/** A budget as it is shown, with what counts now. */
export async function present(tx: Tenant, budget: StoredBudget, day: string) {
  const { amount, ...rest } = budget;
  const spent = await spentOf(tx, budget, day);
  return {
    ...rest,
    amount: formatMoney(amount),
    spent: spent === null ? null : formatMoney(spent),
    left: spent === null ? null : formatMoney(spent > amount ? 0n : amount - spent),
    passed: spent === null ? null : spent > amount,
    day,
  };
}

/** Null if the budget counts more than one sum. */
async function spentOf(tx: Tenant, { scope, period, workflow }: Budget, day: string): Promise<bigint | null> {
  const isOne = scope === 'workspace' || (scope === 'workflow' && workflow !== null);
  if (!isOne) return null;
  return spentBy(tx, { scope, period }, { workflow: workflow ?? '', runId: '', unit: '', day });
}
