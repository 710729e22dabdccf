import type { Json, JsonObject } from '../../../graph/json.ts';
import { withParameter } from '../address.ts';
import { jsonBody } from '../body.ts';
import type { HttpRequest } from '../message.ts';
import { fault } from './fault.ts';

/** Where a position is sent: in a query parameter, or in a field of the JSON body. */
interface Place {
  readonly parameter?: string | undefined;
  readonly field?: string | undefined;
}

/**
 * The request with a position in it. An existing parameter of that name, or the existing field, is replaced.
 *
 * @param usual the parameter to use if the author names none
 * @throws NodeError `http.pagination`
 */
export function placed(request: HttpRequest, { parameter, field }: Place, position: Json, usual = ''): HttpRequest {
  if (field !== undefined) return { ...request, body: jsonBody(withField(request, field.split('.'), position)) };
  if (typeof position === 'object')
    throw fault(request, 'its position is not a text or number, so only a "field" of the body can take it');
  return withParameter(request, parameter ?? usual, String(position));
}

function withField(request: HttpRequest, path: readonly string[], position: Json): Json {
  const whole = JSON.parse(Buffer.from(request.body?.bytes ?? '{}').toString('utf8')) as JsonObject;
  let inner: JsonObject = whole;
  for (const name of path.slice(0, -1)) {
    const next = Object.hasOwn(inner, name) ? inner[name] : {};
    if (!isObject(next))
      throw fault(request, `"${path.join('.')}" leads through a field of the body that is not an object`);
    inner[name] = next;
    inner = next;
  }
  inner[path.at(-1)!] = position;
  return whole;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
