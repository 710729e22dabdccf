import { compare, cpuText, ms, type Ratios, rateOf, tableOf, timeAt } from '../beside/figures.ts';
import type { Cell } from '../beside/measure.ts';
import type { Sets } from './work.ts';

/** A cell, and how many Set nodes its webhook had. */
export interface Measured extends Cell {
  readonly sets: Sets;
}

const HEAD = ['Set nodes', 'callers', '', 'p50', 'p95', 'runs/s', 'CPU per run'];

/** The tables of results, in Markdown. */
export function render(cells: readonly Measured[]): string {
  const rows = cells.map((cell) => [
    ...[String(cell.sets), String(cell.callers), cell.product],
    ...[ms(timeAt(cell, 0.5)), ms(timeAt(cell, 0.95)), rateOf(cell).toFixed(0), cpuText(cell)],
  ]);
  const compared = comparisons(cells).map(({ what, callers, time, rate, goal }) => [
    ...[what, String(callers)],
    ...[`**${time.toFixed(2)}**`, goal.time?.toFixed(2) ?? '', `**${rate.toFixed(2)}**`, goal.rate?.toFixed(2) ?? ''],
  ]);
  return [
    tableOf(HEAD, rows),
    '',
    'Each block against its neighbour:',
    '',
    tableOf(['', 'callers', 'time', 'at most', 'runs/s', 'at least'], compared),
  ].join('\n');
}

/** The goals that were not met. */
export const missedBy = (cells: readonly Measured[]): string[] =>
  comparisons(cells).flatMap(({ what, callers, time, rate, goal }) => [
    ...(goal.time !== undefined && time > goal.time
      ? [`${what}, ${callers} callers: ${time.toFixed(2)} times as long, not at most ${goal.time}`]
      : []),
    ...(goal.rate !== undefined && rate < goal.rate
      ? [`${what}, ${callers} callers: ${rate.toFixed(2)} times the runs, not at least ${goal.rate}`]
      : []),
  ]);

interface Comparison extends Ratios {
  readonly what: string;
  readonly callers: number;
  readonly goal: Partial<Ratios>;
}

/**
 * What is compared with what, and the goals. One caller waits for each answer, so its runs per second say the same as its
 * time: there, the goal is the time.
 */
function comparisons(cells: readonly Measured[]): Comparison[] {
  const goals = (all: Ratios) => (callers: number) => (callers === 1 ? { time: all.time } : all);
  const besideN8n = ([1, 10] as const).flatMap((sets) => [
    { own: ['Blok, inline', sets], peer: ['n8n', sets], goal: goals({ time: 0.3, rate: 6 }) },
    { own: ['Blok, durable', sets], peer: ['n8n', sets], goal: goals({ time: 1.3, rate: 0.75 }) },
    { own: ['Temporal by hand', sets], peer: ['n8n', sets], goal: () => ({}) },
  ]);
  const ten = [
    { own: ['Blok, durable', 10], peer: ['n8n, progress saved', 10], goal: () => ({ rate: 2 }) },
    { own: ['Blok, durable', 10], peer: ['Blok, durable', 1], goal: () => ({ time: 1.1 }) },
    { own: ['Blok, inline', 10], peer: ['Blok, inline', 1], goal: () => ({}) },
  ];
  const loads = [...new Set(cells.map(({ callers }) => callers))];
  return [...besideN8n, ...ten].flatMap(({ own, peer, goal }) =>
    loads.map((callers) => {
      const cellOf = ([product, sets]: readonly unknown[]) =>
        cells.find((cell) => cell.product === product && cell.sets === sets && cell.callers === callers)!;
      const what = `${nameOf(own)} ÷ ${nameOf(peer)}`;
      return { what, callers, goal: goal(callers), ...compare(cellOf(own), cellOf(peer)) };
    }),
  );
}

const nameOf = ([product, sets]: readonly unknown[]): string => `${product} (${sets})`;
