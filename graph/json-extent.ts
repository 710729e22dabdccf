/**
 * How much work and memory JSON takes once it is parsed, whatever its bytes are: ten million characters of one text are
 * parsed at once, but as five million empty objects they take a process more than a second, and 300 MB.
 */

import { UNITS_OF_JSON } from './limits.ts';

/** Units of each value and of each field name; of a list and of an object, on top. In proportion to times measured. */
const VALUE = 1;
const FIELD = 2;
const LIST = 8;
const OBJECT = 16;
/** Fields of one object beyond which V8 keeps it as a dictionary, and the units of each further field on top. */
const MANY_FIELDS = 1_000;
const FURTHER_FIELD = 60;

/** What a text of JSON holds. Of a text that is not JSON, this says nothing, but costs no more. */
export interface JsonExtent {
  /** Deepest nesting of lists and objects. */
  readonly depth: number;
  /** About ten nanoseconds of parsing each. */
  readonly units: number;
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * Counts what a text of JSON holds, without parsing it.
 *
 * @param most units from which on it does not matter how many there are: the rest of the text is not looked at
 */
export function jsonExtent(text: string, most = Number.POSITIVE_INFINITY): JsonExtent {
  /** Fields so far of each object that is open; of a list, 0. */
  const open: number[] = [];
  let depth = 0;
  let units = VALUE;
  for (let at = 0; at < text.length && units <= most; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfText(text, at);
    else if (unit === COMMA) units += VALUE;
    else if (unit === COLON) {
      const fields = (open.pop() ?? 0) + 1;
      open.push(fields);
      units += fields > MANY_FIELDS ? FIELD + FURTHER_FIELD : FIELD;
    } else if (unit === OPEN_LIST || unit === OPEN_OBJECT) {
      // With the first value in it, which no comma announces. So a text never counts less than what it stands for.
      units += (unit === OPEN_LIST ? LIST : OBJECT) + VALUE;
      depth = Math.max(depth, open.push(0));
    } else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) open.pop();
  }
  return { depth, units };
}

/** Offset of the quote that ends the text which begins here. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at;
    while (text.charCodeAt(before - 1) === BACKSLASH) before--;
    if ((at - before) % 2 === 0) return at;
  }
  return text.length;
}

/** What may still be read of several texts that are held together. */
export interface Room {
  units: number;
}

/** Takes what a text of JSON holds out of the room. @returns whether there was enough */
export function takeFrom(room: Room, text: string): boolean {
  room.units -= jsonExtent(text, room.units).units;
  return room.units >= 0;
}

/** Whether a text of JSON holds more values than one value may. */
export const holdsTooMuch = (text: string): boolean => !takeFrom({ units: UNITS_OF_JSON }, text);

/** What a value has too much of. */
export type Excess = 'levels' | 'units';

/**
 * Whether a value holds more than it may. One that is far larger is not walked through.
 *
 * @param most deepest nesting, and the units that `jsonExtent` counts
 */
export function excessOf(value: unknown, most: { readonly levels: number; readonly units: number }): Excess | null {
  let units = most.units;
  const walk = (inner: unknown, levels: number): Excess | null => {
    units -= VALUE;
    if (typeof inner !== 'object' || inner === null || ArrayBuffer.isView(inner)) return units < 0 ? 'units' : null;
    if (levels === 0) return 'levels';
    const isList = Array.isArray(inner);
    units -= isList ? LIST : OBJECT;
    const keys = isList ? null : Object.keys(inner);
    const count = isList ? inner.length : keys!.length;
    for (let index = 0; index < count; index++) {
      if (units < 0) return 'units';
      if (keys) units -= index >= MANY_FIELDS ? FIELD + FURTHER_FIELD : FIELD;
      const found = walk(
        keys ? (inner as Record<string, unknown>)[keys[index]!] : (inner as unknown[])[index],
        levels - 1,
      );
      if (found) return found;
    }
    return units < 0 ? 'units' : null;
  };
  return walk(value, most.levels);
}
