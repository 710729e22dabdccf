import { charge, chargeText, growList } from '../fuel.ts';
import type { Fuel } from '../types.ts';
import { toText } from '../values.ts';
import { demanding } from './demanding.ts';
import { type Match, matchesIn, programOf } from './regex-program.ts';
import type { Functions } from './types.ts';

/** The text of a match, or of one of its groups: null for a group that did not take part. */
function groupOf(source: string, match: Match, group: number): string | null {
  const start = match[2 * group] ?? -1;
  return start < 0 ? null : source.slice(start, match[2 * group + 1]);
}

const groupsOf = (source: string, match: Match): (string | null)[] =>
  Array.from({ length: match.length / 2 }, (_, group) => groupOf(source, match, group));

/** The text that a replacement stands for: `$1` to `$99` are groups, `$&` is the match, `$$` is a dollar. */
function expand(replacement: string, source: string, match: Match): string {
  const groups = match.length / 2 - 1;
  return replacement.replace(/\$(\$|&|\d\d?)/g, (written, what: string) => {
    if (what === '$') return '$';
    if (what === '&') return groupOf(source, match, 0) ?? '';
    const two = Number(what);
    if (two >= 1 && two <= groups) return groupOf(source, match, two) ?? '';
    const one = Number(what.charAt(0));
    return one >= 1 && one <= groups ? (groupOf(source, match, one) ?? '') + what.slice(1) : written;
  });
}

function replaceAll(fuel: Fuel, source: string, matches: Iterable<Match>, replacement: string): string {
  const pieces: string[] = [];
  let done = 0;
  let length = 0;
  const add = (piece: string) => {
    length += piece.length;
    chargeText(fuel, length > 1_048_576 ? length : piece.length);
    pieces.push(piece);
  };
  for (const match of matches) {
    charge(fuel, 2 + (replacement.length >> 2));
    add(source.slice(done, match[0]));
    add(expand(replacement, source, match));
    done = match[1] ?? 0;
  }
  add(source.slice(done));
  return pieces.join('');
}

/** Regular expressions. Their time grows at most linearly with the text. */
export const regex: Functions = demanding({
  'regex.test': {
    signature: 'regex.test(text, pattern, flags?)',
    summary:
      'Whether the pattern matches somewhere in the text. Flags: i (ignore case), m (^ and $ match at lines), s (a dot also matches line breaks).',
    example: ["regex.test('Order 42', '^order \\\\d+$', 'i')", true],
    takes: [2, 3],
    kinds: [undefined, 'regex', 'flags'],
    run: (fuel, [source, pattern, flags]) =>
      !matchesIn(fuel, programOf(fuel, pattern, flags), toText(source)).next().done,
  },
  'regex.match': {
    signature: 'regex.match(text, pattern, flags?)',
    summary: 'The first match and its groups as a list, or null. A group that did not take part is null.',
    example: ["regex.match('Order 42 of 7', '(\\\\d+) of (\\\\d+)')", ['42 of 7', '42', '7']],
    takes: [2, 3],
    kinds: [undefined, 'regex', 'flags'],
    run: (fuel, [given, pattern, flags]) => {
      const source = toText(given);
      const found = matchesIn(fuel, programOf(fuel, pattern, flags), source).next();
      return found.done ? null : groupsOf(source, found.value);
    },
  },
  'regex.matchAll': {
    signature: 'regex.matchAll(text, pattern, flags?)',
    summary: 'All matches, each in the form of `regex.match`.',
    example: [
      "regex.matchAll('a1 b2', '([a-z])(\\\\d)')",
      [
        ['a1', 'a', '1'],
        ['b2', 'b', '2'],
      ],
    ],
    takes: [2, 3],
    kinds: [undefined, 'regex', 'flags'],
    run: (fuel, [given, pattern, flags]) => {
      const source = toText(given);
      const found: (string | null)[][] = [];
      for (const match of matchesIn(fuel, programOf(fuel, pattern, flags), source)) {
        growList(fuel, found.length, 1);
        charge(fuel, match.length);
        found.push(groupsOf(source, match));
      }
      return found;
    },
  },
  'regex.replace': {
    signature: 'regex.replace(text, pattern, replacement, flags?)',
    summary:
      'The text with every match replaced. In the replacement, `$1` is the first group, `$&` the match and `$$` a dollar.',
    example: ["regex.replace('2026-01-31', '(\\\\d+)-(\\\\d+)-(\\\\d+)', '$3.$2.$1')", '31.01.2026'],
    takes: [3, 4],
    kinds: [undefined, 'regex', undefined, 'flags'],
    run: (fuel, [given, pattern, replacement, flags]) => {
      const source = toText(given);
      const matches = matchesIn(fuel, programOf(fuel, pattern, flags), source);
      return replaceAll(fuel, source, matches, toText(replacement));
    },
  },
});
