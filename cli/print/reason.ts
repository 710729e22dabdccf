import type { Json } from '../../graph/json.ts';

/** Longest line of a reason, in characters, and the maximum number of lines. */
const WIDTH = 300;
const LINES = 6;

/** Fields in which services put what a person should read: the fields of RFC 9457, and common ones. */
const SAYS = ['detail', 'message', 'error_description', 'error', 'errors', 'title', 'reason', 'description', 'msg'];

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

function bodyText(body: Json | undefined): string {
  if (body === null || body === undefined) return '';
  if (typeof body === 'string')
    return body.startsWith('<')
      ? body
          .replaceAll(/<[^>]*>/g, ' ')
          .replaceAll(/\s+/g, ' ')
          .trim()
      : body;
  if (typeof body === 'object' && !Array.isArray(body)) {
    const name = SAYS.find((each) => typeof body[each] === 'string' && body[each] !== '');
    const inner = SAYS.map((each) => body[each]).find((each) => typeof each === 'object' && each !== null);
    if (name !== undefined) return String(body[name]);
    if (inner !== undefined && !Array.isArray(inner)) return bodyText(inner);
  }
  return JSON.stringify(body);
}

/** Without control characters: a service must not write to the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const printable = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ');
