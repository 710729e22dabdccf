import { parseServiceJson } from '../../graph/exact-json.ts';
import { holdsTooMuch } from '../../graph/json-extent.ts';
import { MOST_OF_JSON } from '../../graph/limits.ts';
import { NodeError } from '../error.ts';
import { boundedBody } from './bounded-body.ts';

/** Most bytes of an answer that is read as a whole. A larger one is read from its stream, `body`. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The methods of a `Response` that read it as a whole. */
const WHOLE = ['arrayBuffer', 'blob', 'bytes', 'formData', 'text'] as const;

/**
 * The same answer, but what reads it as a whole stops at a size: a service decides how much it sends, and a node that
 * forgets this would take the memory of all the steps beside it. And `json()` keeps every digit of a long number, because
 * providers' libraries read answers with it.
 */
export function withBoundedReading(response: Response): Response {
  const whole = async (): Promise<Response> => {
    if (response.bodyUsed) throw new TypeError('Body is unusable: Body has already been read');
    const bytes = (await boundedBody(response, MOST_BYTES, tooLarge)) as Buffer<ArrayBuffer>;
    if (startsLikeJson(bytes) && holdsTooMuch(bytes.toString('latin1'))) throw tooManyValues();
    return new Response(bytes, { headers: response.headers });
  };
  // Its own method: a server in this process may have put another class in the place of `Response`.
  const { clone: copy } = response;
  const clone = (): Response => withBoundedReading(copy.call(response));
  return Object.defineProperties(response, {
    clone: { value: clone },
    json: { value: async () => parseServiceJson(await (await whole()).text()) },
    ...Object.fromEntries(WHOLE.map((name) => [name, { value: async () => (await whole())[name]() }])),
  });
}

/** Whoever reads it will probably parse it, and nothing can be done meanwhile. */
const startsLikeJson = (bytes: Buffer): boolean => /^\s*[[{]/.test(bytes.toString('latin1', 0, 100));

const tooManyValues = (): NodeError =>
  new NodeError('network.tooLarge', `The answer holds more values than ${MOST_OF_JSON}. Ask for less.`, {
    unknown: true,
  });

const tooLarge = (): NodeError =>
  new NodeError(
    'network.tooLarge',
    `The answer has more than ${MOST_BYTES / 1_048_576} MiB and was not read to its end. Ask for less.`,
    { unknown: true },
  );
