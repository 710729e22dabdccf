import type { Json } from '../../graph/json.ts';

/** Longest line of a reason, in characters, and most lines. */
const WIDTH = 300;
const LINES = 6;

/**
 * Why a service refused, in its own words: the body of an HTTP answer, or what Postgres adds to its message. Empty if the
 * details of the error hold neither.
 */
export function reasonLines(details: Json | undefined): string[] {
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return [];
  const said = [
    ...('body' in details ? [bodyText(details.body)] : []),
    ...(['detail', 'hint'] as const).flatMap((name) =>
      typeof details[name] === 'string' ? [`${name}: ${details[name]}`] : [],
    ),
  ];
  return said
    .flatMap((text) => text.split(/\r?\n/))
    .map((line) => printable(line).trimEnd())
    .filter((line) => line.trim() !== '')
    .slice(0, LINES)
    .map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line));
}

/** JSON as it is, because the reason may stand in any of its fields; a page without its tags. */
function bodyText(body: Json | undefined): string {
  if (body === null || body === undefined) return '';
  if (typeof body !== 'string') return onlyText(body) ?? JSON.stringify(body);
  return body.startsWith('<')
    ? body
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim()
    : body;
}

/** The text in `{ message: text }` and the like. */
function onlyText(body: Json): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const [value, ...others] = Object.values(body);
  return typeof value === 'string' && others.length === 0 ? value : undefined;
}

/** Without control characters: a service must not write to the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are what is removed
const printable = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ');
