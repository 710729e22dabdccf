/** Compiled patterns and their matches, in linear time, paid for per character. */
import { RE2JS } from 're2js';
import { MAX_REGEX_EXTENT, MAX_REGEX_PROGRAM, MAX_REGEX_SOURCE } from '../../limits.ts';
import { createLru } from '../../lru.ts';
import { fail } from '../error.ts';
import { charge, chargeLook, hasPrices } from '../fuel.ts';
import type { Fuel } from '../types.ts';
import { kindOf } from '../values.ts';
import { text } from './arguments.ts';
import { type Extent, extentOf } from './regex-extent.ts';

/** How many compiled patterns are kept. In rare cases one takes 1 MB. */
const KEPT = 20;
/** Fuel per instruction the first time that an evaluation uses a pattern (measured: up to 3.4 µs to compile). */
const COMPILING = 20;
const COMPILING_EARLIER = 10;
/** A class of Unicode takes as long as so many instructions (measured: up to 0.45 ms without regard to case). */
const CLASS = 125;
/** Programs up to this size run fast enough for half the price. */
const SMALL = 32;

type Engine = ReturnType<RE2JS['re2']>;

/** A pattern, ready to run. */
export interface Program {
  readonly engine: Engine;
  readonly groups: number;
  readonly size: number;
  /** How many classes of Unicode it was compiled from. */
  readonly classes: number;
}

/** Where a match and its groups begin and end, in pairs; −1 for a group that did not take part in the match. */
export type Match = readonly number[];

/** Fuel for one look at one character, because every instruction of the pattern may be run on it. */
const lookPrice = (fuel: Fuel, size: number): number =>
  1 + (hasPrices(3, fuel) && size > SMALL ? size >> 2 : size >> 3);

const compilePrice = (fuel: Fuel, { size, classes }: Program): number =>
  hasPrices(3, fuel) ? COMPILING * (size + CLASS * classes) : COMPILING_EARLIER * size;

const programs = createLru<Program>(KEPT);
/** Patterns that an evaluation has paid for. Kept per evaluation, and not per process, so that a price never varies. */
const paid = new WeakMap<Fuel, Set<Program>>();

const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** Flags: any of `i` (ignore case), `m` (^ and $ match at lines) and `s` (a dot also matches line breaks). */
export function flagsOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  return [...text(value, 'Flags')].reduce((flags, letter) => {
    const flag = FLAGS[letter] ?? fail('argument', `Flags are some of i, m and s, not "${letter}".`);
    return flags | flag;
  }, 0);
}

/** How long a pattern may be, and how many instructions its program may have. */
export interface Bounds {
  readonly source: number;
  readonly program: number;
}

const BOUNDS: Bounds = { source: MAX_REGEX_SOURCE, program: MAX_REGEX_PROGRAM };

/** Compiles a pattern. @throws ExpressionError if the text is not a pattern, or is too large */
export function compilePattern(value: unknown, flags: number, bounds = BOUNDS): Program {
  const pattern =
    typeof value === 'string' ? value : fail('type', `A pattern is a text such as '\\\\d+', not ${kindOf(value)}.`);
  const key = `${flags}/${pattern}`;
  if (pattern.length > bounds.source) fail('argument', `A pattern has at most ${bounds.source} characters.`);
  const program = programs.get(key) ?? programs.set(key, compiled(pattern, flags));
  return program.size > bounds.program ? tooLarge() : program;
}

/** About how large the program of a pattern is, without compiling it. */
export const patternExtent = (pattern: string): Extent => extentOf(RE2JS.translateRegExp(pattern));

function compiled(pattern: string, flags: number): Program {
  const { size, classes } = patternExtent(pattern);
  if (size > MAX_REGEX_EXTENT) tooLarge();
  let made: RE2JS;
  try {
    made = RE2JS.compile(RE2JS.translateRegExp(pattern), flags);
  } catch (error) {
    const why = String((error as Error).message).replace('error parsing regexp: ', '');
    return fail(
      'argument',
      `Not a regular expression of RE2 (no look-around, no back-references): ${why.slice(0, 120)}.`,
    );
  }
  return { engine: made.re2(), groups: made.groupCount(), size: made.programSize(), classes };
}

const tooLarge = (): never => fail('argument', 'The pattern is too large: repeat less, or match in several steps.');

/** The program of a pattern and its flags, after paying for it. */
export function programOf(fuel: Fuel, pattern: unknown, flags: unknown, bounds = BOUNDS): Program {
  const program = compilePattern(pattern, flagsOf(flags), bounds);
  return paidFor(fuel, program, compilePrice(fuel, program));
}

/** A pattern of ours, which is compiled once per process, so that its price need not cover that. */
export function ownPattern(pattern: string, flags: string): (fuel: Fuel) => Program {
  let made: Program | undefined;
  return (fuel) => {
    made ??= compiled(pattern, flagsOf(flags));
    return paidFor(fuel, made, COMPILING_EARLIER * made.size);
  };
}

function paidFor(fuel: Fuel, program: Program, price: number): Program {
  const known = paid.get(fuel) ?? new Set();
  charge(fuel, known.has(program) ? 10 : price);
  paid.set(fuel, known.add(program));
  return program;
}

/** The matches in a text one after another, as JavaScript's `matchAll` finds them. */
export function* matchesIn(fuel: Fuel, { engine, groups, size }: Program, source: string): Generator<Match> {
  chargeLook(fuel, source);
  const price = lookPrice(fuel, size);
  const input = counted(engine, source, () => charge(fuel, price));
  for (let from = 0; from <= source.length; ) {
    charge(fuel, 20);
    // Always with groups, because without them re2js builds a table of states of up to 8 MB per pattern.
    const found = engine.executeEngine(input, from, 0, 2 * (groups + 1)) as Match | null;
    if (found === null) return;
    yield found;
    const [start = 0, end = 0] = found;
    from = end > start ? end : end + ((source.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
  }
}

/**
 * A text as the engine reads it. It reports every look at a character, so the price is the work that is done, even if a
 * search for all matches reads far ahead again and again.
 */
function counted(engine: Engine, source: string, look: () => void): object {
  let made: { step(position: number): number } | undefined;
  const capture = {
    executeEngine: (input: typeof made) => {
      made = input;
      return null;
    },
  };
  engine.matchWithGroup.call(Object.assign(Object.create(engine), capture), source, 0, source.length, 0, 1);
  const input = made ?? fail('internal', 'The regular expression engine did not read its text.');
  const step = input.step.bind(input);
  input.step = (position) => {
    look();
    return step(position);
  };
  return input;
}
