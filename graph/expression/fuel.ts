import {
  FUEL_PER_EXPRESSION,
  MAX_EXPRESSION_LIST,
  MAX_EXPRESSION_TEXT,
  MAX_RESULT_TEXT,
  PRODUCED_PER_FUEL,
} from '../limits.ts';
import { ExpressionError, fail } from './error.ts';
import type { Fuel, ZoneRules } from './types.ts';

/** A fresh allowance: by default for one expression, without the rules of time zones. */
export const newFuel = (left: number = FUEL_PER_EXPRESSION, zones?: ZoneRules): Fuel => ({
  left,
  zones,
  room: { left: MAX_RESULT_TEXT },
});

/** Takes `units` of fuel. Called before the work is done, so that nothing is made before it is paid for. */
export function charge(fuel: Fuel, units: number): void {
  fuel.left -= units;
  // Written so that NaN also stops the evaluation.
  if (!(fuel.left >= 0)) {
    fuel.left = 0;
    throw new ExpressionError(
      'fuel',
      'The expression does too much work. For a long list use a data node, such as `filter` or `aggregate`; otherwise split the work over several nodes.',
    );
  }
}

/** Pays for work that was too cheap before that version of the interpreter. Runs of older versions keep their prices. */
export function chargeSince(version: number, fuel: Fuel, units: number): void {
  if (hasPrices(version, fuel)) charge(fuel, units);
}

/** Whether an evaluation pays the prices of that version of the interpreter. */
export const hasPrices = (version: number, { prices }: Fuel): boolean => prices === undefined || prices >= version;

/** Pays for a text of `length` characters that is about to be made, and refuses one over the cap. */
export function chargeText(fuel: Fuel, length: number): void {
  if (!(length <= MAX_EXPRESSION_TEXT)) {
    fail(
      'too-large',
      `The expression makes a text of ${length} characters; at most ${MAX_EXPRESSION_TEXT} are allowed.`,
    );
  }
  charge(fuel, Math.ceil(length / PRODUCED_PER_FUEL));
}

/**
 * Counts `length` characters of a result, and refuses one that would be too long if it were written. Nothing else bounds
 * a text that is in the result a hundred thousand times, because it is held once.
 */
export function takeRoom(fuel: Fuel, length: number): void {
  const { room } = fuel;
  if (room === undefined || !hasPrices(7, fuel)) return;
  room.left -= length;
  if (room.left >= 0) return;
  fail('too-large', `The texts of the result have more than ${MAX_RESULT_TEXT} characters together.`);
}

/** Begins to count another result: what was counted so far is no part of it. */
export function freshRoom({ room }: Fuel): void {
  if (room) room.left = MAX_RESULT_TEXT;
}

/** Pays for a list (or object) of `length` elements that is about to be made, and refuses one over the cap. */
export function chargeList(fuel: Fuel, length: number): void {
  if (!(length <= MAX_EXPRESSION_LIST)) {
    fail('too-large', `The expression makes a list of ${length} elements; at most ${MAX_EXPRESSION_LIST} are allowed.`);
  }
  charge(fuel, Math.ceil(length / PRODUCED_PER_FUEL));
  // Copying is quick. What the garbage collector does with the copies is not.
  chargeSince(3, fuel, length >> 3);
}

/** Pays for `added` more elements of a list that is being built and has `length` elements so far. */
export function growList(fuel: Fuel, length: number, added: number): void {
  if (!(length + added <= MAX_EXPRESSION_LIST)) {
    fail(
      'too-large',
      `The expression makes a list of ${length + added} elements; at most ${MAX_EXPRESSION_LIST} are allowed.`,
    );
  }
  charge(fuel, Math.ceil(added / PRODUCED_PER_FUEL));
}

/**
 * Pays for visiting `count` properties of an object by name. Small objects have a fixed layout. Above a few hundred
 * properties V8 keeps a hash table, which is ten times slower (measured: 15, 100 and 250 ns per property).
 */
export function chargeProperties(fuel: Fuel, count: number): void {
  if (count > MAX_EXPRESSION_LIST)
    fail('too-large', `The object has ${count} properties; at most ${MAX_EXPRESSION_LIST} are allowed.`);
  charge(fuel, 1 + (count <= 128 ? count >> 1 : count <= 1024 ? count : count * 3));
}

/**
 * Pays for setting `count` properties of a new object. From some dozens on, V8 makes a hash table of it, and copies the
 * table as it grows (measured: 60 ns per property of a small object, 400 ns of a large one).
 */
export const chargeMaking = (fuel: Fuel, count: number): void =>
  chargeSince(3, fuel, count > 32 ? 3 * count : count >> 1);

/**
 * Pays for the first look into a text. JavaScript joins texts lazily, and the first look copies the parts together. So
 * even reading one character of a long text is not free.
 */
export function chargeLook(fuel: Fuel, text: string): void {
  if (text.length > 127) charge(fuel, text.length >> 7);
}

/** Pays for reading `length` characters natively (comparing, hashing, searching). Cheap, because it is fast. */
export function chargeScan(fuel: Fuel, length: number): void {
  charge(fuel, length >> 6);
}
