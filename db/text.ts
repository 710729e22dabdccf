/**
 * Makes any JavaScript string storable in a Postgres `text` column, in a reversible way: U+0000 (which Postgres
 * refuses) and lone surrogates (which UTF-8 cannot carry) become `\uXXXX`, and a backslash is doubled.
 *
 * @example escapeText('a\u0000b') // 'a\\u0000b'
 */
export function escapeText(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  return text.replace(ESCAPED, (found) =>
    found === '\\' ? '\\\\' : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The inverse of `escapeText`. */
export function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:\\|u([0-9a-f]{4}))/g, (_, code?: string) =>
    code === undefined ? '\\' : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

// With the `u` flag a surrogate in a class matches only when it is not part of a pair.
// biome-ignore lint/suspicious/noControlCharactersInRegex: U+0000 is what is looked for
const NEEDS_ESCAPE = /[\\\u0000\ud800-\udfff]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: U+0000 is what is looked for
const ESCAPED = /[\\\u0000\ud800-\udfff]/gu;

/** Escapes text for use inside a `LIKE` pattern. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
