/**
 * Canonical JSON (RFC 8785): fields sorted by UTF-16 code units, numbers and texts as ECMAScript writes them, no
 * white space. Fields that are undefined are left out, as `JSON.stringify` does. Sandbox-safe.
 *
 * @throws TypeError for values without a canonical form: NaN, infinities, half surrogate pairs, functions, bigints,
 *   cycles
 * @example canonicalJson({ b: 1, a: [1e21, '€'] }) // '{"a":[1e+21,"€"],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

function write(value: unknown, around: readonly object[]): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeText(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical JSON.`);
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') throw new TypeError(`A ${typeof value} has no canonical JSON.`);
  if (around.includes(value)) throw new TypeError('A value that contains itself has no canonical JSON.');
  const within = [...around, value];
  if (Array.isArray(value)) return `[${value.map((item) => write(item ?? null, within)).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${writeText(key)}:${write(field, within)}`);
  return `{${fields.join(',')}}`;
}

function writeText(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('Half a Unicode surrogate pair has no canonical JSON.');
  return JSON.stringify(text);
}
