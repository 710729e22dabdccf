import { parseServiceJson } from '../../../graph/exact-json.ts';
import type { Json } from '../../../graph/json.ts';
import { type Room, takeFrom } from '../../../graph/json-extent.ts';
import { UNITS_OF_JSON } from '../../../graph/limits.ts';
import type { NodeContext } from '../../context.ts';
import type { HttpInput } from '../input.ts';
import type { HttpResponse } from '../message.ts';
import { badBody, tooManyValues } from './body-error.ts';
import { looksLikeText, roughText, textOf } from './encoding.ts';

type Form = Exclude<HttpInput['responseAs'], 'auto'>;

/** How many characters of a failed answer an error shows. */
const EXCERPT = 2000;

/**
 * The value of a body, in the form that the author asked for.
 *
 * @throws NodeError `http.body`, `http.notText` if it is not of that form; `http.tooLarge` if it holds too many values.
 */
export async function decodeBody(
  ctx: Pick<NodeContext, 'blobs'>,
  response: HttpResponse,
  bytes: Buffer,
  { responseAs, encoding }: Pick<HttpInput, 'responseAs' | 'encoding'>,
): Promise<Json> {
  const form = responseAs === 'auto' ? formOf(response, bytes, encoding) : responseAs;
  if (bytes.length === 0) return form === 'ndjson' ? [] : null;
  switch (form) {
    case 'json':
      return parseJson(response, textOf(response, bytes, encoding));
    case 'ndjson':
      return parseLines(response, textOf(response, bytes, encoding));
    case 'text':
      return textOf(response, bytes, encoding);
    case 'base64':
      return bytes.toString('base64');
    case 'blob':
      return { ...(await ctx.blobs.put(bytes)), ...contentTypeOf(response) };
  }
}

/** Room for one value, or for all pages of a list. */
export const newRoom = (): Room => ({ units: UNITS_OF_JSON });

/** The list in a page of JSON or of lines of JSON: the page itself, or a part of it. */
export function decodePage(response: HttpResponse, bytes: Buffer, input: HttpInput, room: Room): Json {
  const text = textOf(response, bytes, input.encoding);
  const lines = input.responseAs === 'ndjson' || isLines(mediaType(response));
  return lines ? parseLines(response, text, room) : parseJson(response, text, room);
}

/** The start of a failed answer's body, for the error's details. */
export function excerpt(ctx: Pick<NodeContext, 'excerpt'>, response: HttpResponse, bytes: Buffer): Json {
  if (bytes.length === 0 || formOf(response, bytes, undefined) === 'blob') return null;
  const text = roughText(response, bytes);
  if (text.length > EXCERPT) return ctx.excerpt(text, EXCERPT);
  try {
    return parseServiceJson(text);
  } catch {
    return text;
  }
}

function formOf(response: HttpResponse, bytes: Buffer, encoding: string | undefined): Form {
  const type = mediaType(response);
  if (isLines(type)) return 'ndjson';
  if (/[/+]json$/.test(type)) return 'json';
  if (/^text\/|[/+](xml|yaml|javascript|graphql|x-www-form-urlencoded)$/.test(type)) return 'text';
  return type === '' && (encoding !== undefined || looksLikeText(response, bytes)) ? 'text' : 'blob';
}

/** The content type of a reference to the body, if the answer has one. */
export function contentTypeOf({ headers }: HttpResponse): { contentType?: string } {
  const contentType = (headers['content-type'] ?? '').toLowerCase();
  return contentType === '' ? {} : { contentType };
}

const mediaType = ({ headers }: HttpResponse): string =>
  (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();

/** Media types for one JSON value per line. There are several, because none of them is registered. */
const isLines = (type: string): boolean => /[/+](x-)?(ndjson|jsonl|jsonlines|json-lines|ldjson)$/.test(type);

/** White space alone is an empty body: some frameworks send a space or a line break where they have nothing to say. */
function parseJson(response: HttpResponse, text: string, room = newRoom()): Json {
  if (text.trim() === '') return null;
  if (!takeFrom(room, text)) throw tooManyValues(response);
  try {
    return parseServiceJson(text);
  } catch {
    throw badBody(response, 'it is not valid JSON; "responseAs: text" returns it as it is');
  }
}

/** What it takes to parse a line by itself, in units of JSON. */
const LINE = 10;

function parseLines(response: HttpResponse, text: string, room = newRoom()): Json[] {
  const values: Json[] = [];
  for (let from = 0, number = 1; from < text.length; number++) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    from += line.length + 1;
    // An empty line is counted, too, because there may be a hundred million.
    room.units -= line === '' ? 0 : LINE;
    if (!takeFrom(room, line)) throw tooManyValues(response);
    if (line.trim() === '') continue;
    try {
      values.push(parseServiceJson(line));
    } catch {
      throw badBody(response, `its line ${number} is not valid JSON; "responseAs: text" returns it as it is`);
    }
  }
  return values;
}
