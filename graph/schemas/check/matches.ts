import { charge } from '../../expression/fuel.ts';
import { type Bounds, matchesIn, type Program, programOf } from '../../expression/library/regex-program.ts';
import type { Fuel } from '../../expression/types.ts';
import { MAX_SCHEMA_REGEX } from '../../limits.ts';
import type { Machine } from './machine.ts';

const BOUNDS: Bounds = { source: MAX_SCHEMA_REGEX, program: MAX_SCHEMA_REGEX };

/** Fuel for setting up a match, besides what an expression pays (measured: 3 µs). */
const SETTING_UP = 15;

/** The program of a pattern, after paying for it. @throws ExpressionError `argument` if the pattern cannot be used */
export const patternProgram = (fuel: Fuel, pattern: string): Program => programOf(fuel, pattern, undefined, BOUNDS);

/** Whether a pattern matches somewhere in a text: in linear time, and every look at a character is paid for. */
export function matches({ fuel }: Machine, pattern: string, text: string): boolean {
  charge(fuel, SETTING_UP);
  return !matchesIn(fuel, patternProgram(fuel, pattern), text).next().done;
}
