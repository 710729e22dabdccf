/** What a pattern is made of, before it is compiled. */
export interface Extent {
  /** About how many instructions its program has. */
  readonly size: number;
  /** How many classes of Unicode (`\pL`) it names, because each is hundreds of ranges to sort. */
  readonly classes: number;
}

const REPEAT = /\{(\d{1,9})(,(\d{0,9}))?\}/y;
const UNICODE = /\\[pP](?:\{[^}]*\}|.)/gsu;

/**
 * Estimates the size of a pattern's program in linear time. The compiler writes out every repetition before it counts,
 * so a pattern of 20 characters can keep it busy for a second and take a gigabyte.
 *
 * @param pattern as RE2JS translates it from JavaScript's way of writing: `[]` is then no class that goes on
 * @example extentOf('(.*.*){1000}').size // 6000
 */
export function extentOf(pattern: string): Extent {
  const open: number[] = [];
  let sum = 0;
  // The size of the last atom, which a repetition repeats.
  let last = 0;
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at]!;
    const length = char === '\\' ? escapeLength(pattern, at) : char === '[' ? classLength(pattern, at) : 1;
    at += length;
    if (char === '(') {
      open.push(sum);
      sum = 0;
      last = 0;
    } else if (char === ')') {
      last = sum + 2;
      sum = (open.pop() ?? 0) + last;
    } else if (char === '{' && repeats(pattern, at - 1)) {
      const times = repeats(pattern, at - 1)!;
      // An optional copy takes one more instruction.
      sum += last * (times.count - 1) + times.optional;
      last = last * times.count + times.optional;
      at += times.length - 1;
    } else if (char === '*' || char === '+' || char === '?') {
      last += 1;
      sum += 1;
    } else {
      last = 1;
      sum += 1;
    }
  }
  return { size: open.reduce((all, each) => all + each, sum), classes: pattern.match(UNICODE)?.length ?? 0 };
}

/** How often `{n,m}` repeats; null if there is none at this place. */
function repeats(pattern: string, at: number): { count: number; optional: number; length: number } | null {
  REPEAT.lastIndex = at;
  const found = REPEAT.exec(pattern);
  if (found === null) return null;
  const [all, least = '0', comma, most = ''] = found;
  const count = Math.max(Number(least), comma === undefined || most === '' ? 1 : Number(most));
  return { count, optional: Math.max(0, count - Number(least)), length: all.length };
}

function escapeLength(pattern: string, at: number): number {
  const braced = /[pPxu]/.test(pattern[at + 1] ?? '') && pattern[at + 2] === '{';
  const end = braced ? pattern.indexOf('}', at) : at + 1;
  return end === -1 ? pattern.length - at : end - at + 1;
}

/** A class ends at the first `]` that is not escaped, and not the end of `[:alpha:]`. */
function classLength(pattern: string, at: number): number {
  let end = at + 1;
  while (end < pattern.length && pattern[end] !== ']') {
    const named = pattern.startsWith('[:', end) ? pattern.indexOf(':]', end + 2) : -1;
    if (named !== -1) end = named + 2;
    else end += pattern[end] === '\\' ? escapeLength(pattern, end) : 1;
  }
  return end - at + 1;
}
