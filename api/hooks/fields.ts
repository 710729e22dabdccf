import type { Json, JsonObject } from '../../graph/json.ts';
import { decodeForm } from '../http/form.ts';
import { requireHarmlessName } from '../http/harmless.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Hook } from './find-hook.ts';
import type { Received, ReceivedHeaders } from './request.ts';

/** Headers that carry credentials or proofs: whoever reads a run must not be able to send as the sender. */
const SECRET = /authorization|cookie|signature|hmac|secret|token|api-?key|password/;

const REDACTED = '[redacted]';

/** What `trigger` holds for a request, besides what every trigger has. */
export function hookFields(
  { method, rest, url, headers }: Received,
  { params, body, hidden }: { params: JsonObject; body: Json; hidden: readonly string[] },
): JsonObject {
  return { method, path: rest, params, query: queryOf(url), headers: shownHeaders(headers, hidden), body };
}

/** Names of the headers that carry a secret of this webhook, besides those whose names tell. */
export const hiddenHeaders = ({ options: { hmac } }: Hook): string[] =>
  typeof hmac.header === 'string' ? [hmac.header.toLowerCase()] : [];

/** The headers as runs show them. A repeated header is one text, as in HTTP. @throws ApiProblem `body.invalid` */
function shownHeaders(headers: ReceivedHeaders, hidden: readonly string[]): JsonObject {
  for (const name of headers.keys()) requireHarmlessName(name, 'request');
  const isHidden = (name: string) => SECRET.test(name) || hidden.includes(name);
  return Object.fromEntries(
    [...headers].map(([name, values]) => [name, isHidden(name) ? REDACTED : values.join(', ').toWellFormed()]),
  );
}

function queryOf(url: string): JsonObject {
  try {
    return decodeForm(new URL(url).search.slice(1), 'query');
  } catch (error) {
    if (error instanceof ApiProblem) throw new ApiProblem('request.invalid', error.message);
    throw error;
  }
}
