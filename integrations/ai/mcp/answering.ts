import { fieldsOf } from '../../models/read.ts';
import type { Fetch } from '../../network/guarded-fetch.ts';

/** Fails if an answer in JSON does not answer its request: the library would wait for ever for one that does. */
export const answering =
  (fetch: Fetch): Fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    const { status, headers } = response;
    const id = idIn(init?.body);
    if (id === undefined || !response.ok || !headers.get('content-type')?.includes('json')) return response;
    const text = await response.text();
    if (!answers(text, id)) throw new Error('The server answered 200, but not the request.');
    return new Response(text, { status, headers });
  };

/** The id of a request; undefined for what wants no answer. */
const idIn = (body: unknown): unknown => (typeof body === 'string' ? fieldsOf(parsed(body)).id : undefined);

/** Whether one of the messages has the id. A text that is no JSON is left to the library, which says so. */
function answers(text: string, id: unknown): boolean {
  const messages = parsed(text);
  return messages === undefined || [messages].flat().some((message) => fieldsOf(message).id === id);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
