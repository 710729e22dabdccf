import { median, percentile } from '../statistics.ts';
import type { Cell } from './measure.ts';

/** A percentile of all calls of a cell, `p` from 0 to 1. */
export const timeAt = ({ blocks }: Cell, p: number): number => percentile(blocks.flat(), p);

export const rateOf = ({ rates }: Cell): number => median(rates);

/** One product against another. */
export interface Ratios {
  /** Median time of a call. */
  readonly time: number;
  /** Runs per second. */
  readonly rate: number;
}

/** Compares each block with its neighbour, so that drift of the machine hits both, and takes the median. */
export const compare = (own: Cell, peer: Cell): Ratios => ({
  time: median(own.blocks.map((times, i) => median(times) / median(peer.blocks[i]!))),
  rate: median(own.rates.map((rate, i) => rate / peer.rates[i]!)),
});

export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;

/** CPU time of each process. */
export const cpuText = ({ cpu }: Cell): string =>
  Object.entries(cpu)
    .map(([name, value]) => `${name} ${ms(value)}`)
    .join(', ');

/** A table in Markdown. */
export const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((fields) => `| ${fields.join(' | ')} |`).join('\n');
