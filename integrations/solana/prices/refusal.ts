import { NodeError } from '../../error.ts';
import type { FeedName, Reason, Refusal } from './feed.ts';

/** What a feed says that is of no use. */
export const refuse = (reason: Reason, message: string, retryable: boolean): NodeError =>
  new NodeError(`price.${reason}`, message, { retryable });

/** Why a feed has no price: by what asking it has thrown. @throws what is no failure of the feed */
export function refusalOf(feed: FeedName, error: unknown): Refusal {
  if (!(error instanceof NodeError)) throw error;
  const { message, retryable, retryAfterMs } = error;
  return { feed, reason: reasonOf(error), message, retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function reasonOf({ code, details, retryable }: NodeError): Reason {
  if (code.startsWith('price.')) return code.slice('price.'.length) as Reason;
  const { status, code: said } = (details ?? {}) as { readonly status?: unknown; readonly code?: unknown };
  // The provider of slots says it in an answer of JSON-RPC, whose status is 200.
  if (status === 429 || said === 429) return 'limited';
  if (status === 404) return 'missing';
  return retryable ? 'unavailable' : 'denied';
}
