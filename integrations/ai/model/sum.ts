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
  return {
    input: a.input + b.input,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
    ...(seconds > 0 && { seconds }),
    ...(images > 0 && { images }),
  };
}

/** Adds decimal texts exactly. */
export function addCosts(costs: readonly (string | null)[]): string | null {
  const known = costs.filter((cost) => cost !== null);
  if (known.length < costs.length) return null;
  const places = Math.max(0, ...known.map((cost) => (cost.split('.')[1] ?? '').length));
  const total = known.reduce((sum, cost) => sum + units(cost, places), 0n);
  const digits = total.toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function units(cost: string, places: number): bigint {
  const [whole = '0', fraction = ''] = cost.split('.');
  return BigInt(whole + fraction.padEnd(places, '0'));
}
