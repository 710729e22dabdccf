import { parseNumbersAsText } from '../../../graph/exact-json.ts';
import type { Json, JsonObject } from '../../../graph/json.ts';
import type { ProviderContext } from '../../context.ts';
import { calling } from '../../failures/classify.ts';
import { codesIn, type FailureTable } from '../../failures/failure-table.ts';
import { boundedBody } from '../../network/bounded-body.ts';
import { refuse } from './refusal.ts';

/** What asking a feed needs of a node's context. */
export type PriceCaller = Pick<ProviderContext, 'fetch' | 'excerpt' | 'signal'> & {
  /** Waits until one more request may be made. */
  readonly turn: () => Promise<void>;
};

/** A request to a feed. */
export interface FeedCall {
  /** What is asked, without a key. */
  readonly what: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: FailureTable;
}

/** No answer to a question about one asset comes near this size. */
const LARGEST_ANSWER = 256 * 1024;

/** A feed that is silent for this long is of no use now. */
const PATIENCE_MS = 10_000;

/**
 * Asks a feed. Each number of its answer is a text, with every digit.
 *
 * @throws NodeError by the table of the feed; `price.unreadable` for an answer that is no JSON object
 */
export async function callFeed(ctx: PriceCaller, { what, url, headers, errors }: FeedCall): Promise<JsonObject> {
  await ctx.turn();
  const text = await calling(ctx, errors, { what, writes: false }, async () => {
    const response = await ctx.fetch(url, {
      headers: { accept: 'application/json', ...headers },
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const body = (await boundedBody(response, LARGEST_ANSWER, tooLarge)).toString('utf8');
    if (!response.ok) throw { status: response.status, headers: response.headers, body };
    return body;
  });
  const answer = parsed(text);
  if (answer === null) throw refuse('unreadable', `${what}: the answer is no JSON object, or is cut off.`, true);
  // By its status the answer is none, and all the same it says that there were too many questions.
  if (codesIn(errors, { body: answer }).includes('429'))
    throw refuse('limited', `${what}: it was asked too often (429).`, true);
  return answer;
}

function parsed(text: string): JsonObject | null {
  try {
    return objectIn(parseNumbersAsText(text));
  } catch {
    return null;
  }
}

/** The value, if it is an object. */
export const objectIn = (value: Json | undefined): JsonObject | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null;

/** A field of an object by its own name: the names come from services. */
export const fieldOf = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

const tooLarge = (): Error => refuse('unreadable', `The answer is larger than ${LARGEST_ANSWER / 1024} KB.`, true);
