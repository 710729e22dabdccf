import { MAX_EXPRESSION_DEPTH, MAX_PATH } from '../../limits.ts';
import { fail } from '../error.ts';
import { charge, chargeList, chargeProperties, chargeSince, chargeText } from '../fuel.ts';
import { chargeKey, readOwn } from '../reference.ts';
import { isObject, toText } from '../values.ts';
import { callback, list, text } from './arguments.ts';
import { demanding } from './demanding.ts';
import { keyOf } from './key.ts';
import type { Functions } from './types.ts';

/** One step of a path: `.name`, `[0]`, `["name"]` or `['name']`. */
const STEP = /\.?([^.[\]"']+)|\[(?:(\d+)|"([^"]*)"|'([^']*)')\]/y;

/** The names and indices of a path such as `rows[0].name` or `headers["x-id"]`. */
export function pathOf(value: unknown): readonly string[] {
  const given = text(value, 'A path');
  if (given.length > MAX_PATH) fail('argument', `A path has at most ${MAX_PATH} characters.`);
  const steps: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < given.length) {
    const at = STEP.lastIndex;
    const found = STEP.exec(given);
    if (found === null || steps.length >= MAX_EXPRESSION_DEPTH || (at === 0 && given.startsWith('.'))) {
      return fail('argument', `Not a path: "${given.slice(0, 60)}". Write it as rows[0].name or headers["x-id"].`);
    }
    steps.push(found[1] ?? found[2] ?? found[3] ?? found[4] ?? '');
  }
  return steps;
}

/** Functions on values of any kind. */
export const valueFunctions: Functions = {
  empty: {
    signature: 'empty(value)',
    summary: "Whether the value is null, undefined, '', a list without elements or an object without properties.",
    example: ['empty([])', true],
    takes: [1, 1],
    run: (fuel, [value]) => {
      if (value === null || value === undefined || value === '') return true;
      if (Array.isArray(value)) return value.length === 0;
      if (!isObject(value)) return false;
      const keys = Object.keys(value);
      chargeProperties(fuel, keys.length);
      return keys.length === 0;
    },
  },
  unique: {
    signature: 'unique(list, (element, index) => …?)',
    summary:
      'The list without elements that equal an earlier one: by content, or by what the function returns for them.',
    example: ['unique([{ id: 1 }, { id: 2 }, { id: 1 }], x => x.id)', [{ id: 1 }, { id: 2 }]],
    takes: [1, 2],
    callback: 1,
    run: (fuel, [entries, given]) => {
      const all = list(entries, 'unique');
      const call = given === undefined ? (entry: unknown) => entry : callback(given, 'unique');
      chargeList(fuel, all.length);
      const seen = new Set<string>();
      return all.filter((entry, index) => {
        charge(fuel, 2);
        const key = keyOf(fuel, call(entry, index));
        return !seen.has(key) && seen.add(key);
      });
    },
  },
  'path.get': {
    signature: 'path.get(value, path, otherwise?)',
    summary:
      'The value at a path that is known only when the workflow runs; `otherwise` if the value is missing or null.',
    example: ["path.get({ rows: [{ name: 'a' }] }, 'rows[0].name')", 'a'],
    takes: [2, 3],
    kinds: [undefined, 'path'],
    run: (fuel, [value, path, otherwise]) => {
      let current = value;
      const steps = pathOf(path);
      // To take a path apart costs more than to follow it.
      chargeSince(3, fuel, 8 * steps.length);
      for (const step of steps) {
        if (current === null || current === undefined) return otherwise;
        charge(fuel, 2);
        chargeKey(fuel, step);
        current = readOwn(current, step);
      }
      return current ?? otherwise;
    },
  },
  ...demanding({
    titleCase: {
      signature: 'titleCase(text)',
      summary: 'The text with each word starting with a capital letter, followed by lower-case letters.',
      example: ["titleCase('ada LOVELACE-king')", 'Ada Lovelace-King'],
      takes: [1, 1],
      run: (fuel, [value]) => {
        const source = toText(value);
        chargeText(fuel, source.length);
        charge(fuel, source.length >> 1);
        const result = source
          .toLowerCase()
          .replace(
            /(^|[^\p{L}\p{N}\p{M}'’])(\p{L})/gu,
            (_all, before: string, letter: string) => before + letter.toUpperCase(),
          );
        chargeText(fuel, Math.max(0, result.length - source.length));
        return result;
      },
    },
  }),
};
