import type { OpenConnection, ProviderContext } from '../../context.ts';
import { requireServer, trimmed } from '../../models/server.ts';
import { openConnection } from '../../open-connection.ts';
import type { PriceCaller } from './call.ts';
import { coinGeckoFeed } from './coingecko.ts';
import type { Feed, FeedName } from './feed.ts';
import { jupiterFeed } from './jupiter.ts';
import { pythFeed } from './pyth.ts';
import { asksPyth, coinGeckoUrl, fields, PRICE_FEEDS, type PriceServers } from './servers.ts';

/** The feeds of a connection. Without one: those that answer without a key. @throws NodeError `connection.*` */
export function openFeeds(ctx: PriceCaller, given: OpenConnection | null, now: () => number = Date.now): Feed[] {
  if (given === null) return feedsAt(ctx, fields.parse({}), now);
  const { connection, data } = openConnection(given, { type: PRICE_FEEDS, fields });
  for (const url of [data.pythUrl, data.jupiterUrl, data.slotUrl, coinGeckoUrl(data)]) requireServer(connection, url);
  return feedsAt(ctx, data, now);
}

/** The feeds at these servers. */
export function feedsAt(ctx: PriceCaller, servers: PriceServers, now: () => number): Feed[] {
  const { pythUrl, pythToken, jupiterUrl, jupiterKey, slotUrl, coingeckoKey, coingeckoPlan } = servers;
  return [
    ...(asksPyth(servers) ? [pythFeed(ctx, { url: trimmed(pythUrl), token: pythToken })] : []),
    jupiterFeed(ctx, { url: trimmed(jupiterUrl), key: jupiterKey, slotUrl }, now),
    coinGeckoFeed(ctx, { url: trimmed(coinGeckoUrl(servers)), key: coingeckoKey, plan: coingeckoPlan }),
  ];
}

/** The feeds of these names, in the order of the connection; all if there is no list. */
export const named = (feeds: readonly Feed[], names: readonly FeedName[] | undefined): Feed[] =>
  feeds.filter(({ name }) => names?.includes(name) ?? true);

/** Asks feeds within the limits of the node's connection. */
export const callerOf = (ctx: Pick<ProviderContext, 'fetch' | 'excerpt' | 'signal' | 'rate'>): PriceCaller => ({
  fetch: ctx.fetch,
  excerpt: ctx.excerpt,
  signal: ctx.signal,
  turn: () => ctx.rate.turn(),
});
