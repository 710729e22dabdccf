import { InexactNumber, refuseInexact } from '../../graph/exact-json.ts';
import type { Json } from '../../graph/json.ts';
import { jsonExtent } from '../../graph/json-extent.ts';
import { MAX_DOCUMENT_NESTING, MOST_OF_BODY, UNITS_OF_BODY } from '../../graph/limits.ts';
import { problem } from '../../graph/problems/codes.ts';
import type { Hold } from '../bodies.ts';
import { ApiProblem } from './problem.ts';
import { receive } from './receive.ts';

/** Largest request body, in bytes. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** A body that is too large is read up to this size, so that its sender gets to read why. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;
/** How long a whole body may take to arrive. */
const BODY_MS = 60_000;

/** The media type of a request's body, in lower case and without parameters; empty if none is given. */
export const mediaType = (request: Request): string =>
  (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();

/**
 * Reads a request's body as text.
 *
 * @throws ApiProblem as `readBytes`; `body.invalid` if it is not UTF-8
 */
export async function readText(request: Request, hold: Hold): Promise<string> {
  const bytes = await readBytes(request, hold);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ApiProblem('body.invalid', 'The body is not UTF-8 text.');
  }
}

/**
 * Reads a request's body, counting while it comes.
 *
 * @throws ApiProblem `body.tooLarge`, `request.timeout`, `server.busy`; `body.invalid` if it breaks off
 */
export function readBytes(request: Request, hold: Hold): Promise<Buffer> {
  const detail = `The body is larger than ${MAX_BODY_BYTES} bytes. Put large data in a file or a URL the graph reads.`;
  const tooLarge = () => new ApiProblem('body.tooLarge', detail);
  return receive(request, {
    ...{ maxBytes: MAX_BODY_BYTES, discardBytes: MAX_DISCARDED_BYTES, withinMs: BODY_MS },
    ...{ tooLarge, hold },
  });
}

/**
 * Parses JSON.
 *
 * @param what is parsed, for the words of a problem
 * @throws ApiProblem `body.invalid` if the text is not JSON, or nests deeper than a graph may; `body.tooLarge` if it holds
 * too many values
 */
export function parseJson(text: string, what = 'body'): Json {
  const { depth, units } = jsonExtent(text, UNITS_OF_BODY);
  if (depth > MAX_DOCUMENT_NESTING)
    throw new ApiProblem('body.invalid', `The ${what} nests deeper than ${MAX_DOCUMENT_NESTING} levels.`);
  if (units > UNITS_OF_BODY)
    throw new ApiProblem(
      'body.tooLarge',
      `The ${what} holds more values than ${MOST_OF_BODY}. Put large data in a file or a URL the graph reads.`,
    );
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    // V8's message may quote the body, so only the position is kept.
    const place = /at position \d+|line \d+ column \d+/.exec(error instanceof Error ? error.message : '')?.[0];
    throw new ApiProblem('body.invalid', `The ${what} is not JSON${place ? ` (${place})` : ''}.`);
  }
}

/** Refuses numbers that parsing has changed. @throws ApiProblem `body.invalid`, with the field */
export function checkNumbers(text: string, value: Json, what = 'body'): void {
  try {
    refuseInexact(text, value);
  } catch (error) {
    if (!(error instanceof InexactNumber)) throw error;
    // Without the number itself, because it may be a secret of a connection.
    const found = problem(
      'bad-text',
      error.path,
      'This number cannot be held exactly.',
      'Quote it, so that it is a text.',
    );
    throw new ApiProblem('body.invalid', `${what}${found.path}: ${found.message} ${found.hint}`, { problems: [found] });
  }
}
