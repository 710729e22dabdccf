import { z } from 'zod';

/** Headers by which a caller says what must be there for its change to be made. */
export const preconditionHeaders = () =>
  z.object({
    'if-match': z.string().max(2000).optional().describe('The ETag of what is to be changed; `*`: whatever is there.'),
    'if-none-match': z.literal('*', { error: 'must be *' }).optional().describe('`*`: nothing may be there yet.'),
  });

/** The preconditions of a request. */
export interface Preconditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: '*' | undefined;
}

/** The preconditions among the headers of a request. */
export const preconditionsOf = (headers: {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: '*' | undefined;
}): Preconditions => ({ ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] });

/** What the preconditions say about a change of something with this ETag (null: nothing is there). */
export function judge({ ifMatch, ifNoneMatch }: Preconditions, etag: string | null): 'met' | 'failed' | 'absent' {
  if (ifNoneMatch !== undefined && etag !== null) return 'failed';
  if (ifMatch === undefined) return ifNoneMatch === undefined ? 'absent' : 'met';
  if (ifMatch.trim() === '*') return etag === null ? 'failed' : 'met';
  // Proxies that compress answers make ETags weak. What an ETag stands for here is the content before that.
  const named = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return etag !== null && named.includes(etag) ? 'met' : 'failed';
}
