import { ms, tableOf } from '../beside/figures.ts';
import { percentile } from '../statistics.ts';
import type { Ends } from './ends.ts';
import { type Course, EARLY, isFlat, isLongEnough, LATE } from './memory.ts';
import { KINDS } from './mix.ts';
import type { Sent } from './traffic.ts';

/** What was seen. */
export interface Steady {
  readonly callers: number;
  /** Runs a second: the most that was measured, and what was offered afterwards. */
  readonly most: number;
  readonly offered: number;
  readonly minutes: number;
  /** What was sent until the most was measured, and at the offered rate. In the order in which it was due. */
  readonly before: readonly Sent[];
  readonly sent: readonly Sent[];
  /** Of both. */
  readonly ends: Ends;
  /** Of API and worker, at the offered rate. */
  readonly memory: Course;
  /** Whether the process of API and worker is still the one that was started. */
  readonly isAlive: boolean;
}

/** The tables of results, in Markdown. */
export function render({ callers, most, offered, minutes, before, sent, ends, memory }: Steady): string {
  const mb = (value: number): string => `${value.toFixed(0)} MB`;
  const window = (parts: readonly [number, number]) => `minutes ${parts.map((part) => part * minutes).join('–')}`;
  const counts = [before.length + sent.length, ends.lost, ends.wrong, ends.doubled, ends.effects];
  return [
    `${most.toFixed(1)} runs a second at most, with ${callers} callers; then ${offered.toFixed(1)} a second for ${minutes} min:`,
    '',
    tableOf(['', 'requests', 'first third: p50', 'p95', 'last third: p50', 'p95'], latencies(sent)),
    '',
    tableOf(
      ['all requests', 'lost', 'ended wrong', 'ran twice', 'effects missing or doubled'],
      [counts.map((count) => String(typeof count === 'number' ? count : count.length))],
    ),
    '',
    tableOf(
      ['memory of API and worker', window(EARLY), window(LATE), 'growth', 'most'],
      [['', mb(memory.early), mb(memory.late), mb(memory.late - memory.early), mb(memory.most)]],
    ),
  ].join('\n');
}

/** Times of each kind in the first and in the last third. */
const latencies = (sent: readonly Sent[]): string[][] =>
  KINDS.map((kind) => {
    const times = sent.filter((one) => one.kind === kind).map((one) => one.ms);
    const third = Math.ceil(times.length / 3);
    const ofThird = (part: readonly number[]) => [ms(percentile(part, 0.5)), ms(percentile(part, 0.95))];
    return [kind, String(times.length), ...ofThird(times.slice(0, third)), ...ofThird(times.slice(-third))];
  });

/** What was not as it must be. */
export function missedBy({ minutes, before, sent, ends, memory, isAlive }: Steady): string[] {
  const some = (what: string, which: readonly (number | string)[]): string[] =>
    which.length === 0 ? [] : [`${what}: ${which.length} (${which.slice(0, 5).join(', ')})`];
  const faults = [...before, ...sent].flatMap(({ number, fault }) => (fault ? [`${number}: ${fault}`] : []));
  return [
    ...(isAlive ? [] : ['the process of API and worker ended']),
    ...some('lost', ends.lost),
    ...some('ended wrong', ends.wrong),
    ...some('ran twice', ends.doubled),
    ...some('effects missing or doubled', ends.effects),
    ...some('runs that nobody asked for', ends.strangers),
    ...some('answered wrong', faults),
    ...(isFlat(memory) || !isLongEnough(minutes)
      ? []
      : [`memory went from ${memory.early.toFixed(0)} to ${memory.late.toFixed(0)} MB`]),
  ];
}
