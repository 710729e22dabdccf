import { median } from '../statistics.ts';
import type { Times } from './probes.ts';

/** What the probes took beside one flood. */
export interface Beside {
  readonly flood: string;
  readonly times: Times;
}

/** No small run may take longer than this, whatever goes on beside it. */
const LONGEST_MS = 5_000;

const ms = (value: number): string => `${value.toFixed(0)}`;

/** The table of results, in Markdown: median and maximum of each probe. */
export function render(measured: readonly Beside[]): string {
  const probes = Object.keys(measured[0]?.times ?? {});
  return [
    `| beside | ${probes.map((probe) => `${probe}: median / longest`).join(' | ')} |`,
    `|---|${probes.map(() => '---|').join('')}`,
    ...measured.map(({ flood, times }) => `| ${flood} | ${probes.map((probe) => cell(times[probe]!)).join(' | ')} |`),
  ].join('\n');
}

const cell = (times: readonly number[]): string => `${ms(median(times))} / ${ms(Math.max(...times))} ms`;

/** The probes that took too long. */
export const missedBy = (measured: readonly Beside[]): string[] =>
  measured.flatMap(({ flood, times }) =>
    Object.entries(times)
      .filter(([, taken]) => Math.max(...taken) > LONGEST_MS)
      .map(([probe, taken]) => `${probe} beside ${flood}: ${ms(Math.max(...taken))} ms`),
  );
