import {
  type Ast,
  ExpressionError,
  evaluate,
  NeedsData,
  newFuel,
  parseExpression,
  Reference,
  settle,
  zoneRules,
} from '../../graph/expression/index.ts';
import { FUEL_PER_EXPRESSION } from '../../graph/limits.ts';
import { randomOf } from './random.ts';
import { makeSource } from './sources.ts';

/** No evaluation may take longer than this. */
export const LIMIT_MS = 50;

/** What a run of the fuzzer found. */
export interface FuzzReport {
  count: number;
  /** Sources refused by the parser. */
  refused: number;
  values: number;
  needsData: number;
  /** `ExpressionError`s by reason. */
  errors: Record<string, number>;
  maxMs: number;
  slowest: string;
  /** Sources over `LIMIT_MS`, each confirmed by measuring it again. */
  slow: string[];
  /** Sources that threw anything else, changed their input, or read properties that are not the data's own. */
  faults: { source: string; what: string }[];
  maxRssMb: number;
}

export const newReport = (): FuzzReport => ({
  count: 0,
  refused: 0,
  values: 0,
  needsData: 0,
  errors: {},
  maxMs: 0,
  slowest: '',
  slow: [],
  faults: [],
  maxRssMb: 0,
});

/** If a source reads through a prototype, this value appears in the result. */
const CANARY = 'a canary from the prototype';

const freeze = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null && !(value instanceof Reference)) {
    for (const entry of Object.values(Object.freeze(value))) freeze(entry);
  }
  return value;
};

/** The input that the sources read; `size` is the length of its longest list. */
export const fuzzInput = (size: number) => ({
  n: 3,
  text: 'héllo, wörld 😀',
  list: [3, 1, 2],
  words: ['b', 'a', '', 'c'],
  map: { a: 1, b: null, c: [1] },
  nothing: null,
  zone: 'America/St_Johns',
  unit: 'weeks',
  day: 'Wed, 21 Oct 2015 07:28:00 GMT',
  clock: '02:30',
  pattern: '(\\w+)\\s?',
  harder: '(?:a?){40}a{40}',
  path: 'rows[0].tags[1]',
  rows: Array.from({ length: size / 40 }, (_, id) => ({ id, name: `n${id}`, tags: ['x', id % 7] })),
  numbers: Array.from({ length: size }, (_, index) => index),
  wide: Object.fromEntries(Array.from({ length: size / 4 }, (_, index) => [`k${index}`, index])),
  long: 'a'.repeat(size * 10),
});

/** What the sources read: frozen, so that a change would throw. */
export const fuzzScope = (): Record<string, unknown> => ({
  ...freeze({
    input: fuzzInput(20_000),
    vars: { percent: 5 },
    now: '2026-02-18T09:05:00.000Z',
    item: { id: 1, a: { b: 2 } },
  }),
  nodes: { big: new Reference({ sha256: 'f'.repeat(64), size: 99_999, inline: { '/id': 7, '/a': null } }), none: null },
});

/**
 * Parses and evaluates `count` random sources, beginning with number `from`. Each is made from the seed and its number.
 *
 * @param report is added to; `onCase` is called before each case, so that a crash leaves its cause behind
 */
export function fuzzExpressions(
  { seed, from = 0, count }: { seed: number; from?: number; count: number },
  report: FuzzReport = newReport(),
  onCase: (index: number) => void = () => {},
): FuzzReport {
  const scope = fuzzScope();
  const before = prototypeShape();
  plantCanary();
  try {
    for (let index = from; index < from + count; index += 1) {
      onCase(index);
      tryOut(makeSource(randomOf(seed, index)), scope, report);
      if (index % 1000 === 0) report.maxRssMb = Math.max(report.maxRssMb, Math.round(process.memoryUsage.rss() / 1e6));
    }
  } finally {
    removeCanary();
  }
  if (prototypeShape() !== before) report.faults.push({ source: '', what: 'a prototype was changed' });
  return report;
}

/** Parses and evaluates one source, and records the outcome. */
export function tryOut(source: string, scope: Record<string, unknown>, report: FuzzReport): void {
  report.count += 1;
  try {
    const parsed = parseExpression(source);
    if (!parsed.ok) {
      report.refused += 1;
      return;
    }
    const ms = measured(parsed.ast, scope, report, source);
    if (ms > report.maxMs) {
      report.maxMs = ms;
      report.slowest = source;
    }
    if (ms > LIMIT_MS) report.slow.push(source);
  } catch (error) {
    report.faults.push({ source, what: String(error) });
  }
}

/** How often a slow evaluation is repeated. */
const TRIES = 10;

function measured(ast: Ast, scope: Record<string, unknown>, report: FuzzReport, source: string): number {
  const started = performance.now();
  book(ast, scope, report, source);
  const ms = performance.now() - started;
  if (ms <= LIMIT_MS) return ms;
  // Another process, or the collection of earlier garbage, may have taken the time: the fastest of some tries counts.
  let fastest = ms;
  for (let tries = 0; tries < TRIES && fastest > LIMIT_MS; tries += 1) {
    const from = process.threadCpuUsage();
    book(ast, scope, { ...report, errors: {} }, source);
    const used = process.threadCpuUsage(from);
    fastest = Math.min(fastest, (used.user + used.system) / 1000);
  }
  return fastest;
}

function book(ast: Ast, scope: Record<string, unknown>, report: FuzzReport, source: string): void {
  try {
    const fuel = newFuel(FUEL_PER_EXPRESSION, zoneRules);
    const value = settle(fuel, evaluate(ast, scope, fuel));
    report.values += 1;
    if (holdsCanary(value, 3)) report.faults.push({ source, what: 'a property of a prototype was read' });
  } catch (error) {
    if (error instanceof NeedsData) {
      report.needsData += 1;
    } else if (error instanceof ExpressionError) {
      report.errors[error.reason] = (report.errors[error.reason] ?? 0) + 1;
      if (error.reason === 'internal') report.faults.push({ source, what: error.message });
    } else {
      throw error;
    }
  }
}

function holdsCanary(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.includes(CANARY);
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  return Object.values(value)
    .slice(0, 20)
    .some((entry) => holdsCanary(entry, depth - 1));
}

const PROTOTYPES: readonly object[] = [Object.prototype, Array.prototype, String.prototype, Number.prototype];

function plantCanary(): void {
  for (const prototype of PROTOTYPES) Object.defineProperty(prototype, 'canary', { value: CANARY, configurable: true });
}

function removeCanary(): void {
  for (const prototype of PROTOTYPES) Reflect.deleteProperty(prototype, 'canary');
}

const prototypeShape = (): string =>
  PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).map(String).sort().join()).join(';');
