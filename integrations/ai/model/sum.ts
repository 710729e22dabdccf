import { formatMoney, parseMoney } from '../../../graph/money.ts';
import { type CallCost, type ModelUsage, NO_USAGE } from '../../spending.ts';

/** What several calls used and cost together. The cost is unknown if one of them is. */
export function sumOf(all: readonly CallCost[]): CallCost {
  return {
    usage: all.map(({ usage }) => usage).reduce(addUsage, NO_USAGE),
    cost: addCosts(all.map(({ cost }) => cost)),
  };
}

function addUsage(a: ModelUsage, b: ModelUsage): ModelUsage {
  const seconds = (a.seconds ?? 0) + (b.seconds ?? 0);
  const images = (a.images ?? 0) + (b.images ?? 0);
  const estimated = a.estimated === true || b.estimated === true;
  return {
    input: a.input + b.input,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
    ...(seconds > 0 && { seconds }),
    ...(images > 0 && { images }),
    ...(estimated && { estimated }),
  };
}

/** Adds decimal texts exactly; null if one of them is unknown. */
export function addCosts(costs: readonly (string | null)[]): string | null {
  let sum = 0n;
  for (const cost of costs) {
    const amount = cost === null ? null : parseMoney(cost);
    if (amount === null) return null;
    sum += amount;
  }
  return formatMoney(sum);
}
