import { z } from 'zod';
import { eventIdOf } from '../../db/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Hold } from '../bodies.ts';
import { mediaType, readBytes } from '../http/body.ts';
import { name } from '../http/fields.ts';
import { plainIssues } from '../http/issues.ts';
import { ApiProblem } from '../http/problem.ts';
import { readStrangersJson, strangersJson } from '../http/strangers-json.ts';
import { attributeValues, MAX_BATCH } from './schema.ts';
import type { SentEvent } from './send.ts';

/** Attributes of CloudEvents 1.0 whose form is checked. */
const attributes = z.object({
  specversion: z.literal('1.0', 'must be "1.0"'),
  id: name(255),
  source: name(1024),
  type: name(255),
  subject: name(1024).optional(),
  time: z.iso.datetime({ offset: true, error: 'must be a time of RFC 3339' }).optional(),
  datacontenttype: name(255).optional(),
  dataschema: name(1024).optional(),
});

/** Media types of CloudEvents. */
export const CLOUD_EVENT_TYPES = ['application/cloudevents+json', 'application/cloudevents-batch+json'] as const;
const [STRUCTURED, BATCH] = CLOUD_EVENT_TYPES;

/** Their presence tells an event in binary mode from any other request. */
const HEADERS = ['ce-specversion', 'ce-id', 'ce-source', 'ce-type'];

/**
 * Reads a CloudEvent 1.0, in structured, batched or binary mode, as an event: `type` is its name, `subject` its key. Events
 * of two sources may have the same id, so the source becomes a part of it. Undefined: the request is none.
 *
 * @throws ApiProblem `body.type`, `body.invalid`, `request.invalid`
 */
export function readCloudEvents(
  request: Request,
  hold: Hold,
): Promise<SentEvent | { events: SentEvent[] }> | undefined {
  const type = mediaType(request);
  if (type === STRUCTURED) return readStructured(request, hold);
  if (type === BATCH) return readBatch(request, hold);
  if (type.startsWith('application/cloudevents'))
    throw new ApiProblem('body.type', `Send CloudEvents as ${STRUCTURED}, as ${BATCH}, or in binary mode.`);
  return HEADERS.some((header) => request.headers.has(header)) ? readBinary(request, type, hold) : undefined;
}

const readStructured = async (request: Request, hold: Hold): Promise<SentEvent> =>
  structuredEvent(await readStrangersJson(request, hold), 'body');

async function readBatch(request: Request, hold: Hold): Promise<{ events: SentEvent[] }> {
  const value = await readStrangersJson(request, hold);
  if (!Array.isArray(value)) throw new ApiProblem('request.invalid', 'body: must be a list of CloudEvents.');
  if (value.length > MAX_BATCH)
    throw new ApiProblem('request.invalid', `body: has ${value.length} events. Send at most ${MAX_BATCH} at once.`);
  return { events: value.map((one, at) => structuredEvent(one, `body/${at}`)) };
}

function structuredEvent(value: Json, where: string): SentEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ApiProblem('request.invalid', `${where}: must be a CloudEvent, a JSON object.`);
  // An attribute that is null is not set.
  const { data, data_base64, ...given } = Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
  if (data_base64 === undefined) return eventOf(given, data ?? null, `${where}/`);
  if (data !== undefined) throw new ApiProblem('request.invalid', `${where}: has both data and data_base64.`);
  if (typeof data_base64 !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(data_base64) || data_base64.length % 4 !== 0)
    throw new ApiProblem('request.invalid', `${where}/data_base64: must be Base64.`);
  const type = typeof given.datacontenttype === 'string' ? given.datacontenttype : 'application/octet-stream';
  return eventOf(given, dataOf(Buffer.from(data_base64, 'base64'), type), `${where}/`);
}

async function readBinary(request: Request, type: string, hold: Hold): Promise<SentEvent> {
  const given: Record<string, string> = {};
  for (const [header, value] of request.headers) {
    if (header.startsWith('ce-')) given[header.slice(3)] = headerValue(header, value);
  }
  // In this mode, the type of the data is that of the body.
  delete given.datacontenttype;
  if (type !== '') given.datacontenttype = request.headers.get('content-type') ?? type;
  return eventOf(given, dataOf(await readBytes(request, hold), type), 'header ce-');
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
  return isJson ? strangersJson(text) : text;
}

function eventOf(given: Record<string, unknown>, data: Json, where: string): SentEvent {
  const { specversion: _, id, source, type, subject, ...known } = checked(attributes, given, where);
  const others = Object.entries(given).filter(([name]) => !Object.hasOwn(attributes.shape, name));
  const extensions = checked(attributeValues, Object.fromEntries(others), where);
  const more = Object.fromEntries(
    Object.entries({ ...known, ...extensions }).filter(([, value]) => value !== undefined),
  ) as JsonObject;
  return {
    ...{ name: type, data, id: eventIdOf({ id, source }), source, attributes: more },
    ...(subject === undefined ? {} : { key: subject }),
  };
}

function checked<T extends z.ZodType>(schema: T, given: Record<string, unknown>, where: string): z.output<T> {
  const { success, data, error } = schema.safeParse(given);
  if (success) return data;
  const [issue] = plainIssues(error.issues);
  const attribute = String(issue!.path[0] ?? '');
  const missing = attribute !== '' && given[attribute] === undefined;
  throw new ApiProblem(
    'request.invalid',
    `${where}${attribute}: ${missing ? 'is missing; a CloudEvent needs it' : issue!.message}`,
  );
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
