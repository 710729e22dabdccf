/** Compiled patterns and their matches, in linear time, paid for per character. */
import { RE2JS } from 're2js';
import { MAX_REGEX_PROGRAM, MAX_REGEX_SOURCE } from '../../limits.ts';
import { createLru } from '../../lru.ts';
import { fail } from '../error.ts';
import { charge, chargeLook } from '../fuel.ts';
import type { Fuel } from '../types.ts';
import { kindOf } from '../values.ts';
import { text } from './arguments.ts';

/** How many compiled patterns are kept. In rare cases one takes 1 MB. */
const KEPT = 20;
/** Fuel per instruction the first time that an evaluation uses a pattern (measured: up to 3.4 µs to compile). */
const COMPILING = 20;

type Engine = ReturnType<RE2JS['re2']>;

/** A pattern, ready to run. */
export interface Program {
  readonly engine: Engine;
  readonly groups: number;
  readonly size: number;
  /** Fuel for one look at one character, because every instruction of the pattern may be run on it. */
  readonly price: number;
}

/** Where a match and its groups begin and end, in pairs; −1 for a group that did not take part in the match. */
export type Match = readonly number[];

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

/** Compiles a pattern. @throws ExpressionError if the text is not a pattern, or is too large */
export function compilePattern(value: unknown, flags: number): Program {
  const pattern =
    typeof value === 'string' ? value : fail('type', `A pattern is a text such as '\\\\d+', not ${kindOf(value)}.`);
  const key = `${flags}/${pattern}`;
  return programs.get(key) ?? programs.set(key, compiled(pattern, flags));
}

function compiled(pattern: string, flags: number): Program {
  if (pattern.length > MAX_REGEX_SOURCE) fail('argument', `A pattern has at most ${MAX_REGEX_SOURCE} characters.`);
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
  const size = made.programSize();
  if (size > MAX_REGEX_PROGRAM) fail('argument', 'The pattern is too large: repeat less, or match in several steps.');
  return { engine: made.re2(), groups: made.groupCount(), size, price: 1 + (size >> 3) };
}

/** The program of a pattern and its flags, after paying for it. */
export function programOf(fuel: Fuel, pattern: unknown, flags: unknown): Program {
  const program = compilePattern(pattern, flagsOf(flags));
  const known = paid.get(fuel) ?? new Set();
  charge(fuel, known.has(program) ? 10 : COMPILING * program.size);
  paid.set(fuel, known.add(program));
  return program;
}

/** The matches in a text one after another, as JavaScript's `matchAll` finds them. */
export function* matchesIn(fuel: Fuel, { engine, groups, price }: Program, source: string): Generator<Match> {
  chargeLook(fuel, source);
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
