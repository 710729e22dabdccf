// Turns a script's result into JSON, or says which part of it JSON cannot hold. `JSON.stringify` alone would silently
// turn a Map into an empty object and NaN into null.

// biome-ignore lint/correctness/noUnusedVariables: run.js calls it
const blokJson = (() => {
  const { stringify } = JSON;
  const { isArray } = Array;
  const { getOwnPropertyDescriptor, getOwnPropertySymbols, getPrototypeOf, hasOwn, keys } = Object;
  const { isFinite: isFiniteNumber, isInteger, isSafeInteger } = Number;
  const { toISOString, getTime } = Date.prototype;
  const { toString: tagOf } = Object.prototype;
  const { isWellFormed } = String.prototype;
  const { apply } = Reflect;

  /** The depth that every later reader of the output can walk. */
  const MAX_DEPTH = 200;
  /** From here on JSON writes an exponent, so nobody mistakes the number for an id. */
  const EXPONENT = 1e21;

  const REMEDY = {
    Map: 'return Object.fromEntries(map), or [...map]',
    Set: 'return [...set]',
    Error: 'return its message',
    RegExp: 'return its source',
    Promise: 'put "await" before it',
    ArrayBuffer: 'return [...new Uint8Array(buffer)], or text',
    Generator: 'return [...generator]',
  };

  /** How a key is written after the value that contains it. Null stands for the result of a value's own toJSON. */
  const named = (key) => {
    if (key === null) return '';
    return typeof key === 'string' && /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${stringify(key)}]`;
  };

  /** `seen.x[2]`, as the script would write it for its result. A place is a key within a value within a value … */
  const pathOf = (place) => {
    let path = '';
    for (let at = place; at.up; at = at.up) path = named(at.key) + path;
    return path.replace(/^\./, '');
  };

  const fail = (place, what, remedy) => {
    const path = pathOf(place);
    const shown = path.length > 120 ? `${path.slice(0, 120)}…` : path;
    throw Object.assign(new Error(`${shown === '' ? 'the result' : shown} ${what}; ${remedy}`), { path: shown });
  };

  const refuse = (place, what, remedy = 'return null, booleans, numbers, texts, lists and plain objects') =>
    fail(place, `is ${what}, which JSON cannot hold`, remedy);

  /** A lone surrogate has no form in UTF-8: whoever stores or sends the text would replace it. */
  const stringText = (value, place, what = 'a text') => {
    if (!apply(isWellFormed, value, []))
      refuse(place, `${what} with half a character (a lone surrogate)`, 'return text.toWellFormed()');
    return stringify(value);
  };

  const numberText = (value, place) => {
    if (!isFiniteNumber(value)) refuse(place, `${value}`, 'return null, or a text');
    if (isInteger(value) && !isSafeInteger(value) && value < EXPONENT && value > -EXPONENT) {
      // Refused as everywhere in Blok, because the number is most likely an id that has lost its last digits.
      fail(place, `is ${value}, an integer beyond 2^53, whose last digits a number cannot hold`, 'keep it as a text');
    }
    return stringify(value);
  };

  const kindOf = (value) => {
    const tag = apply(tagOf, value, []).slice(8, -1);
    const { name } = value.constructor ?? {};
    if (tag !== 'Object') return tag;
    return typeof name === 'string' && name !== '' && name !== 'Object' ? name : 'object with a prototype of its own';
  };

  const refuseKind = (value, place) => {
    const kind = kindOf(value);
    const bytes = ArrayBuffer.isView(value) && !(value instanceof DataView);
    const remedy = value instanceof Error ? REMEDY.Error : bytes ? 'return [...it], or text' : REMEDY[kind];
    refuse(place, `${/^[AEIOaeio]/.test(kind) ? 'an' : 'a'} ${kind}`, remedy ?? 'return a plain object: { ...it }');
  };

  const dateText = (date, place) => {
    if (Number.isNaN(apply(getTime, date, []))) refuse(place, 'an invalid Date', 'return null, or a text');
    return stringify(apply(toISOString, date, []));
  };

  const listText = (list, place) => {
    const items = [];
    for (let at = 0; at < list.length; at += 1) {
      const inside = { up: place, key: at };
      if (!hasOwn(list, at)) refuse(inside, 'an empty place of a list', 'put null there, or use an object');
      // As everywhere in JavaScript, undefined in a list is null in JSON.
      items[at] = list[at] === undefined ? 'null' : textOf(list[at], inside);
    }
    return `[${items.join(',')}]`;
  };

  /** The value that a getter or toJSON of the script returns. */
  const read = (get, place) => {
    try {
      return get();
    } catch (error) {
      return fail(
        place,
        `cannot be read: ${error instanceof Error ? error.message : 'it throws'}`,
        'return plain values',
      );
    }
  };

  const objectText = (object, place) => {
    for (const symbol of getOwnPropertySymbols(object))
      if (getOwnPropertyDescriptor(object, symbol)?.enumerable) refuse(place, 'an object with a symbol for a key');
    const fields = [];
    for (const key of keys(object)) {
      const inside = { up: place, key };
      const value = read(() => object[key], inside);
      // An undefined field counts as absent.
      if (value !== undefined)
        fields[fields.length] = `${stringText(key, inside, 'below a key')}:${textOf(value, inside)}`;
    }
    return `{${fields.join(',')}}`;
  };

  /** Notes that the value at a place holds other values, none of which may be that value again. */
  const enter = (value, place) => {
    let depth = 0;
    for (let outer = place.up; outer; outer = outer.up) {
      if (outer.holds === value) refuse(place, 'a value that contains itself');
      depth += 1;
    }
    if (depth >= MAX_DEPTH) fail(place, `is nested deeper than ${MAX_DEPTH} levels`, 'return a flatter value');
    place.holds = value;
  };

  const heldText = (value, place) => {
    if (value instanceof Date) return dateText(value, place);
    enter(value, place);
    if (typeof value.toJSON === 'function') {
      const answer = read(() => value.toJSON(String(place.key)), place);
      return answer === undefined ? 'null' : textOf(answer, { up: place, key: null });
    }
    if (isArray(value)) return listText(value, place);
    const prototype = getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) refuseKind(value, place);
    return objectText(value, place);
  };

  const textOf = (value, place) => {
    if (value === null) return 'null';
    if (typeof value === 'boolean') return stringify(value);
    if (typeof value === 'string') return stringText(value, place);
    if (typeof value === 'number') return numberText(value, place);
    if (typeof value === 'object') return heldText(value, place);
    if (typeof value === 'bigint') return refuse(place, 'a BigInt', 'return it as text: String(n)');
    return refuse(place, `a ${typeof value}`);
  };

  /** @throws Error that says what JSON cannot hold, and where it is */
  return (value) => (value === undefined ? 'null' : textOf(value, { up: null, key: '' }));
})();
