import { z } from 'zod';
import { eventIdOf } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import { checkNumbers, mediaType, parseJson, readBytes, readText } from '../http/body.ts';
import { name } from '../http/fields.ts';
import { ApiProblem } from '../http/problem.ts';
import type { BodyReader } from '../http/route.ts';
import type { SentEvent } from './send.ts';

/** Attributes of CloudEvents 1.0 that have a meaning here, or a form that is checked. Others are not kept. */
const attributes = z.object({
  specversion: z.literal('1.0', 'must be "1.0"'),
  id: name(255),
  source: name(1024),
  type: name(255),
  subject: name(1024).optional(),
  time: z.iso.datetime({ offset: true, error: 'must be a time of RFC 3339' }).optional(),
  datacontenttype: name(255).optional(),
});

const STRUCTURED = 'application/cloudevents+json';

/** Their presence tells an event in binary mode from any other request. */
const HEADERS = ['ce-specversion', 'ce-id', 'ce-source', 'ce-type'];

/**
 * Reads a CloudEvent 1.0, in structured or in binary mode, as an event: `type` is its name, `subject` its key. Events of
 * two sources may have the same id, so the source becomes a part of it.
 */
export const cloudEvents: BodyReader = {
  types: [STRUCTURED],
  read: (request) => {
    const type = mediaType(request);
    if (type === STRUCTURED) return readStructured(request);
    if (type.startsWith('application/cloudevents'))
      throw new ApiProblem('body.type', `Send one CloudEvent for each request, as ${STRUCTURED} or in binary mode.`);
    return HEADERS.some((header) => request.headers.has(header)) ? readBinary(request, type) : undefined;
  },
};

async function readStructured(request: Request): Promise<SentEvent> {
  const text = await readText(request);
  const value = parseJson(text);
  checkNumbers(text, value);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ApiProblem('request.invalid', 'body: must be a CloudEvent, a JSON object.');
  // An attribute that is null is not set.
  const { data, data_base64, ...given } = Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
  if (data_base64 === undefined) return eventOf(given, data ?? null, 'body/');
  if (data !== undefined) throw new ApiProblem('request.invalid', 'body: has both data and data_base64.');
  if (typeof data_base64 !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(data_base64) || data_base64.length % 4 !== 0)
    throw new ApiProblem('request.invalid', 'body/data_base64: must be Base64.');
  const type = typeof given.datacontenttype === 'string' ? given.datacontenttype : 'application/octet-stream';
  return eventOf(given, dataOf(Buffer.from(data_base64, 'base64'), type), 'body/');
}

async function readBinary(request: Request, type: string): Promise<SentEvent> {
  const given: Record<string, string> = {};
  for (const [header, value] of request.headers) {
    if (header.startsWith('ce-')) given[header.slice(3)] = headerValue(header, value);
  }
  return eventOf(given, dataOf(await readBytes(request), type), 'header ce-');
}

/** Data by its type: JSON as its value, other text as text, anything else as Base64. */
function dataOf(bytes: Uint8Array, contentType: string): Json {
  if (bytes.byteLength === 0) return null;
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  const isJson = type === '' || type === 'application/json' || type.endsWith('+json');
  if (!isJson && !type.startsWith('text/') && !/^application\/(.*\+)?xml$/.test(type))
    return Buffer.from(bytes).toString('base64');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ApiProblem('body.invalid', 'The data is not UTF-8 text, as its content type says.');
  }
  if (!isJson) return text;
  const value = parseJson(text);
  checkNumbers(text, value);
  return value;
}

function eventOf(given: Record<string, unknown>, data: Json, where: string): SentEvent {
  const { success, data: event, error } = attributes.safeParse(given);
  if (!success) {
    const [issue] = error.issues;
    const attribute = String(issue!.path[0]);
    const missing = given[attribute] === undefined;
    throw new ApiProblem(
      'request.invalid',
      `${where}${attribute}: ${missing ? 'is missing; a CloudEvent needs it' : issue!.message}`,
    );
  }
  const { type, subject, source } = event;
  return { name: type, data, id: eventIdOf(event), source, ...(subject === undefined ? {} : { key: subject }) };
}

/** The text of a header: its bytes are percent-encoded UTF-8, and may be in double quotes. */
function headerValue(header: string, value: string): string {
  const bare = /^"(.*)"$/s.exec(value)?.[1]?.replace(/\\(.)/gs, '$1') ?? value;
  try {
    return decodeURIComponent(bare);
  } catch {
    throw new ApiProblem('request.invalid', `header ${header}: "%" must begin an encoded byte of UTF-8.`);
  }
}
