import { compare, cpuText, ms, type Ratios, rateOf, tableOf, timeAt } from '../beside/figures.ts';
import type { Cell } from '../beside/measure.ts';

/** An answer that takes this long has stalled: nothing in a run of one node takes seconds. */
const STALL_MS = 5_000;
/** The slowest answers may take this many times as long as the usual ones. */
const SPREAD = 3;

const p50 = (cell: Cell): number => timeAt(cell, 0.5);
const p99 = (cell: Cell): number => timeAt(cell, 0.99);
const stalls = ({ blocks }: Cell): number => blocks.flat().filter((ms) => ms >= STALL_MS).length;

const HEAD = ['callers', '', 'p50', 'p99', 'p99 ÷ p50', 'runs/s', 'answers over 5 s', 'CPU per run'];

/** The table of results, in Markdown. */
export function render(cells: readonly Cell[]): string {
  const rows = cells.map((cell) => [
    String(cell.callers),
    cell.product,
    ms(p50(cell)),
    ms(p99(cell)),
    (p99(cell) / p50(cell)).toFixed(2),
    rateOf(cell).toFixed(0),
    `${((stalls(cell) / cell.blocks.flat().length) * 100).toFixed(1)} %`,
    cpuText(cell),
  ]);
  const ratios = besideN8n(cells).map(({ callers, time, rate }) => [
    String(callers),
    `**${time.toFixed(2)}**`,
    `**${rate.toFixed(2)}**`,
  ]);
  const table = tableOf(HEAD, rows);
  if (ratios.length === 0) return table;
  const compared = tableOf(['callers', 'time', 'runs/s'], ratios);
  return [table, '', 'Blok ÷ n8n, each block against its neighbour:', '', compared].join('\n');
}

/** At most this many times n8n's time for one caller, and at least this part of n8n's runs per second for 16. */
const N8N = { timeOfOne: 1.3, rateOfSixteen: 0.75 };

/** Blok against n8n, by the number of callers. */
const besideN8n = (cells: readonly Cell[]): (Ratios & { callers: number })[] =>
  cells
    .filter(({ product }) => product === 'n8n')
    .map((peer) => {
      const own = cells.find(({ product, callers }) => product === 'Blok' && callers === peer.callers)!;
      return { callers: peer.callers, ...compare(own, peer) };
    });

/** Gates on ratios and counts, because a busy machine changes times. */
export function gatesOf(cells: readonly Cell[]): string[] {
  const missed: string[] = [];
  for (const cell of cells.filter(({ product }) => product === 'Blok')) {
    const spread = p99(cell) / p50(cell);
    if (spread > SPREAD)
      missed.push(`${cell.callers} callers: p99 is ${spread.toFixed(2)} times p50, not at most ${SPREAD}`);
    if (stalls(cell) > 0) missed.push(`${cell.callers} callers: ${stalls(cell)} answers took over 5 s`);
  }
  for (const { callers, time, rate } of besideN8n(cells)) {
    if (callers === 1 && time > N8N.timeOfOne) missed.push(`1 caller: ${time.toFixed(2)} times the time of n8n`);
    if (callers === 16 && rate < N8N.rateOfSixteen) missed.push(`16 callers: ${rate.toFixed(2)} of the runs of n8n`);
  }
  return missed;
}
