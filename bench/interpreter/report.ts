import { median } from '../statistics.ts';
import type { HistoryCounts } from './history.ts';
import type { Comparison, Side } from './measure.ts';

/** Ratio of ours to by-hand: each block is compared with its neighbour, and the median counts. */
const ratio = (ours: readonly number[], byHand: readonly number[]): number =>
  median(ours.map((value, i) => value / byHand[i]!));

/** A count that is the same in every run, or else its median, minimum and maximum. */
function count({ counts }: Side, key: 'workflowTasks' | 'events' | 'executions'): string {
  const values = counts.map((one) => one[key]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${median(values)} (${least}–${most})`;
}

const ms = (value: number): string => (value < 100 ? value.toFixed(1) : value.toFixed(0));

/** The table of results, in Markdown. */
export function render(comparisons: readonly Comparison[]): string {
  const lines = [
    '| | time by hand | time of the graph | time ratio | CPU ratio (worker) | CPU ratio (server) | workflow tasks | events | executions |',
    '|---|---|---|---|---|---|---|---|---|',
  ];
  for (const { shape, ours, byHand } of comparisons) {
    lines.push(
      [
        '',
        shape.name,
        `${ms(median(byHand.times))} ms`,
        `${ms(median(ours.times))} ms`,
        `**${ratio(ours.times, byHand.times).toFixed(2)}**`,
        ratio(ours.cpu, byHand.cpu).toFixed(2),
        ratio(ours.serverCpu, byHand.serverCpu).toFixed(2),
        ...(['workflowTasks', 'events', 'executions'] as const).map(
          (key) => `${count(ours, key)} : ${count(byHand, key)}`,
        ),
        '',
      ].join(' | '),
    );
  }
  const long = comparisons.find(({ shape }) => shape.name === '1000 steps');
  if (!long) return lines.join('\n');
  return [
    ...lines,
    '',
    'Step to step, in the run of 1,000 (median of a window, from the event times of one run):',
    '',
    ...flatness(long),
  ].join('\n');
}

const WINDOWS = [
  [2, 50],
  [300, 350],
  [600, 650],
  [940, 990],
] as const;

function flatness({ ours, byHand }: Comparison): string[] {
  const row = (name: string, side: Side): string =>
    `| ${name} | ${WINDOWS.map(([from, to]) => `${median(side.counts[0]!.stepTimes.slice(from, to)).toFixed(2)} ms`).join(' | ')} |`;
  return [
    `| steps | ${WINDOWS.map(([from, to]) => `${from}–${to}`).join(' | ')} |`,
    `|---|${WINDOWS.map(() => '---|').join('')}`,
    row('graph', ours),
    row('by hand', byHand),
  ];
}

/** A workflow task is three events: scheduled, started, completed. */
const besideTasks = ({ events, workflowTasks }: HistoryCounts): number => events - 3 * workflowTasks;

/** Gates on counts, because a busy machine cannot change counts. Times are printed, not judged. */
export function gatesOf(comparisons: readonly Comparison[]): string[] {
  const missed: string[] = [];
  for (const { shape, ours, byHand } of comparisons) {
    const [a, b] = [ours.counts.at(-1)!, byHand.counts.at(-1)!];
    if (shape.atOnce) {
      const [ownEvents, eventsByHand] = [besideTasks(a), besideTasks(b)];
      if (ownEvents > eventsByHand + 1)
        missed.push(`${shape.name}: ${ownEvents} events beside workflow tasks, ${eventsByHand} by hand`);
      continue;
    }
    if (a.workflowTasks > b.workflowTasks)
      missed.push(`${shape.name}: ${a.workflowTasks} workflow tasks, ${b.workflowTasks} by hand`);
    if (a.events > b.events + 1) missed.push(`${shape.name}: ${a.events} events, ${b.events} by hand`);
  }
  return missed;
}
