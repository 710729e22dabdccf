import { parseServiceJson } from '../../graph/exact-json.ts';
import { holdsTooMuch } from '../../graph/json-extent.ts';
import { MOST_OF_JSON } from '../../graph/limits.ts';
import { NodeError } from '../error.ts';
import { boundedBody } from './bounded-body.ts';

/** Most bytes of an answer that is read as a whole. A larger one is read from its stream, `body`. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The same answer, but what reads it as a whole stops at a size: a service decides how much it sends, and a node that
 * forgets this would take the memory of all the steps beside it. And `json()` keeps every digit of a long number, because
 * providers' libraries read answers with it.
 */
export function withBoundedReading(response: Response): Response {
  const whole = async (): Promise<Buffer<ArrayBuffer>> => {
    if (response.bodyUsed) throw new TypeError('Body is unusable: Body has already been read');
    return (await boundedBody(response, MOST_BYTES, tooLarge)) as Buffer<ArrayBuffer>;
  };
  // Not by a `Response` of these bytes: a server in this process may have put another class in its place, which lacks some.
  const read = {
    bytes: async () => new Uint8Array(await whole()),
    arrayBuffer: async () => new Uint8Array(await whole()).buffer,
    blob: async () => new Blob([await whole()], { type: response.headers.get('content-type') ?? '' }),
    formData: async () => new Response(await whole(), { headers: response.headers }).formData(),
    text: async () => {
      const bytes = await whole();
      // Whoever reads what looks like JSON will parse it.
      if (startsLikeJson(bytes)) requireFew(bytes);
      return new TextDecoder().decode(bytes);
    },
    json: async () => {
      const bytes = await whole();
      requireFew(bytes);
      return parseServiceJson(new TextDecoder().decode(bytes));
    },
  };
  // Its own method, for the same reason.
  const { clone: copy } = response;
  const clone = (): Response => withBoundedReading(copy.call(response));
  return Object.defineProperties(response, {
    clone: { value: clone },
    ...Object.fromEntries(Object.entries(read).map(([name, value]) => [name, { value }])),
  });
}

/** Nothing else happens in the process while JSON is parsed. */
function requireFew(bytes: Buffer): void {
  if (!holdsTooMuch(bytes.toString('latin1'))) return;
  throw new NodeError('network.tooLarge', `The answer holds more values than ${MOST_OF_JSON}. Ask for less.`, {
    unknown: true,
  });
}

/** What may stand before JSON: white space, and the three bytes of a byte order mark. */
const BEFORE = new Set([0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf]);

function startsLikeJson(bytes: Buffer): boolean {
  const first = bytes.find((byte) => !BEFORE.has(byte));
  return first === 0x5b || first === 0x7b;
}

const tooLarge = (): NodeError =>
  new NodeError(
    'network.tooLarge',
    `The answer has more than ${MOST_BYTES / 1_048_576} MiB and was not read to its end. Ask for less.`,
    { unknown: true },
  );
