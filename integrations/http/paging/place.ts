import type { Json, JsonObject } from '../../../graph/json.ts';
import { withParameter } from '../address.ts';
import { jsonBody } from '../body.ts';
import type { HttpRequest } from '../message.ts';
import { fault } from './fault.ts';

/** Where a position travels: a query parameter, or a field of the JSON body. */
interface Place {
  readonly parameter?: string | undefined;
  readonly field?: string | undefined;
}

/**
 * The request with a position in it. A parameter of that name, or the field, is replaced.
 *
 * @param usual parameter if the author names none
 * @throws NodeError `http.pagination`
 */
export function placed(request: HttpRequest, { parameter, field }: Place, position: Json, usual = ''): HttpRequest {
  if (field !== undefined) return { ...request, body: jsonBody(withField(request, field.split('.'), position)) };
  if (typeof position === 'object')
    throw fault(request, 'its position is no text or number, so that only a "field" of the body can take it');
  return withParameter(request, parameter ?? usual, String(position));
}

function withField(request: HttpRequest, path: readonly string[], position: Json): Json {
  const whole = JSON.parse(Buffer.from(request.body?.bytes ?? '{}').toString('utf8')) as JsonObject;
  let inner: JsonObject = whole;
  for (const name of path.slice(0, -1)) {
    const next = Object.hasOwn(inner, name) ? inner[name] : {};
    if (!isObject(next))
      throw fault(request, `"${path.join('.')}" leads through a field of the body that is no object`);
    inner[name] = next;
    inner = next;
  }
  inner[path.at(-1)!] = position;
  return whole;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
