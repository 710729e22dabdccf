import { median, percentile } from '../statistics.ts';

/** An ordinary run: its kind, how long its answer took in milliseconds, and how it ended. */
export interface Ordinary {
  readonly name: string;
  readonly ms: number;
  readonly status: string;
}

/** How a hostile run ended, and whether that is right. */
export interface Outcome {
  readonly name: string;
  readonly status: string;
  readonly right: boolean;
}

/** What was seen. */
export interface Soak {
  readonly alone: readonly Ordinary[];
  readonly beside: readonly Ordinary[];
  readonly hostile: readonly Outcome[];
  /** Most memory of the process of API and worker, in megabytes. */
  readonly mostMb: number;
  /** Whether that process is still the one that was started. */
  readonly alive: boolean;
}

/** An ordinary run may take this much longer than alone. */
const LATER_MS = 2_000;
const MOST_MB = 1_024;

const kindsOf = (runs: readonly { readonly name: string }[]): string[] => [...new Set(runs.map(({ name }) => name))];
const of = <T extends { readonly name: string }>(runs: readonly T[], kind: string): T[] =>
  runs.filter(({ name }) => name === kind);
const times = (runs: readonly Ordinary[]): number[] => runs.map(({ ms }) => ms);
const wrong = (runs: readonly Ordinary[]): Ordinary[] => runs.filter(({ status }) => status !== 'succeeded');

function late(soak: Soak, kind: string): Ordinary[] {
  const limit = median(times(of(soak.alone, kind))) + LATER_MS;
  return of(soak.beside, kind).filter(({ ms }) => ms > limit);
}

/** The tables of results, in Markdown. */
export function render(soak: Soak): string {
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  const row = (kind: string): string => {
    const beside = of(soak.beside, kind);
    const taken = times(beside);
    return `| ${kind} | ${beside.length} | ${ms(median(times(of(soak.alone, kind))))} | ${ms(median(taken))} | ${ms(percentile(taken, 0.99))} | ${ms(Math.max(...taken))} | ${late(soak, kind).length} | ${wrong(beside).length} |`;
  };
  const attack = (kind: string): string => {
    const runs = of(soak.hostile, kind);
    return `| ${kind} | ${runs.length} | ${kindsOf(runs.map(({ status }) => ({ name: status }))).join(', ')} |`;
  };
  return [
    '| ordinary runs | number | alone | beside: median | p99 | longest | more than 2 s later | ended wrong |',
    '|---|---|---|---|---|---|---|---|',
    ...kindsOf(soak.beside).map(row),
    '',
    '| hostile runs | number | ended as |',
    '|---|---|---|',
    ...kindsOf(soak.hostile).map(attack),
    '',
    `Most memory of API and worker: ${soak.mostMb.toFixed(0)} MB. ${soak.alive ? 'No process ended.' : 'The process ended.'}`,
  ].join('\n');
}

/** What was not as it must be. */
export function missedBy(soak: Soak): string[] {
  const later = kindsOf(soak.beside).flatMap((kind) => late(soak, kind));
  return [
    ...wrong(soak.beside).map(({ name, status }) => `an ordinary run (${name}) ended as ${status}`),
    ...later.map(({ name, ms }) => `an ordinary run (${name}) took ${ms.toFixed(0)} ms`),
    ...soak.hostile.filter(({ right }) => !right).map(({ name, status }) => `${name}: ${status}`),
    ...(soak.mostMb > MOST_MB ? [`memory: ${soak.mostMb.toFixed(0)} MB`] : []),
    ...(soak.alive ? [] : ['the process ended']),
  ];
}
