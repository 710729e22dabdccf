import type { Json } from '../../../graph/json.ts';
import type { FailureTable } from '../../failures/failure-table.ts';
import { scaled } from '../notation/decimal.ts';
import { callFeed, fieldOf, objectIn, type PriceCaller } from './call.ts';
import type { Feed, Quote } from './feed.ts';
import { momentOf } from './moment.ts';
import { refuse } from './refusal.ts';

/** Where Hermes is, and the token that it asks for since August 2026. */
export interface PythServer {
  readonly url: string;
  readonly token?: string | undefined;
}

/** What answers of Hermes say about a call. Errors are plain text; 404 means that it knows no such feed. */
const errors: FailureTable = {
  provider: 'pyth',
  codeAt: [],
  messageAt: ['message', 'error'],
};

/** How Hermes writes a price, how sure it is, and where the point is. */
const MANTISSA = /^-?[0-9]{1,30}$/;
const INTERVAL = /^[0-9]{1,30}$/;
const EXPONENT = /^-?[0-9]{1,2}$/;

/** The prices of Pyth, by the web service Hermes. */
export const pythFeed = (ctx: PriceCaller, { url, token }: PythServer): Feed => ({
  name: 'pyth',
  quote: async (id) => {
    const asked = new URL(`${url}/v2/updates/price/latest`);
    asked.searchParams.set('ids[]', id);
    asked.searchParams.set('encoding', 'hex');
    asked.searchParams.set('parsed', 'true');
    const what = 'GET /v2/updates/price/latest';
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await callFeed(ctx, { what, url: asked, headers, errors });
    const parsed = fieldOf(answer, 'parsed');
    if (!Array.isArray(parsed)) throw refuse('unreadable', `${what}: the answer has no list "parsed".`, true);
    const all = parsed.map(objectIn).filter((one) => one !== null && bare(String(fieldOf(one, 'id'))) === bare(id));
    const [found] = all;
    if (!found) throw refuse('missing', `${what}: the answer has no feed ${id}.`, false);
    if (all.length > 1) throw refuse('unreadable', `${what}: the answer has the feed ${id} ${all.length} times.`, true);
    return quoteIn(id, fieldOf(found, 'price'));
  },
});

/** Ids are written with `0x` and without. */
const bare = (id: string): string => id.toLowerCase().replace(/^0x/, '');

function quoteIn(id: string, value: Json | undefined): Quote {
  const given = objectIn(value) ?? {};
  const [mantissa, confidence, exponent] = ['price', 'conf', 'expo'].map((name) => String(fieldOf(given, name)));
  if (!MANTISSA.test(mantissa!) || !INTERVAL.test(confidence!) || !EXPONENT.test(exponent!))
    throw refuse('unreadable', 'price, conf and expo are no integers.', true);
  const [price, interval] = [mantissa!, confidence!].map((text) => scaled(BigInt(text), Number(exponent)));
  if (!price || !interval) throw refuse('unreadable', `The exponent ${exponent} is no exponent of a price.`, true);
  return { feed: 'pyth', id, price, confidence: interval, at: momentOf(fieldOf(given, 'publish_time')) };
}
