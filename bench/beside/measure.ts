import { cpuOfTree } from '../statistics.ts';
import type { Contender } from './contender.ts';
import { type Amount, load } from './load.ts';

/** What one product did under one load, over all blocks. */
export interface Cell {
  readonly product: string;
  readonly callers: number;
  /** Milliseconds of each call, by block. */
  readonly blocks: readonly (readonly number[])[];
  /** Runs per second, by block. */
  readonly rates: readonly number[];
  /** CPU milliseconds per run, by process. */
  readonly cpu: Readonly<Record<string, number>>;
}

/** Warms every product up, then measures alternating blocks (A-B-B-A). */
export async function measureCell(contenders: readonly Contender[], given: Amount, repeats: number): Promise<Cell[]> {
  const sides = contenders.map((product) => ({
    product,
    blocks: [] as number[][],
    rates: [] as number[],
    cpu: Object.fromEntries(Object.keys(product.pids).map((name) => [name, 0])),
  }));
  for (const { product } of sides) await load(product.call, half(given));
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const side of repeat % 2 === 0 ? sides : [...sides].reverse()) {
      const { pids, call } = side.product;
      const before = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuOfTree(pid)]));
      const { times, wall } = await load(call, given);
      for (const [name, pid] of Object.entries(pids)) side.cpu[name]! += cpuOfTree(pid) - before[name]!;
      side.blocks.push(times);
      side.rates.push((times.length / wall) * 1000);
    }
  }
  return sides.map(({ product, blocks, rates, cpu }) => {
    const perRun = (seconds: number) => (seconds * 1000) / blocks.flat().length;
    return {
      product: product.name,
      callers: given.callers,
      blocks,
      rates,
      cpu: Object.fromEntries(Object.entries(cpu).map(([name, seconds]) => [name, perRun(seconds)])),
    };
  });
}

const half = ({ callers, count, forMs }: Amount): Amount => ({
  callers,
  ...(count === undefined ? {} : { count: Math.ceil(count / 2) }),
  ...(forMs === undefined ? {} : { forMs: forMs / 2 }),
});
