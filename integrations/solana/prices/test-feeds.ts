import type { ConnectionTestContext, ConnectionTestResult } from '../../define-connection.ts';
import { guardedFetch } from '../../network/guarded-fetch.ts';
import { idsOf } from './ids.ts';
import { openFeeds } from './open.ts';
import { refusalOf } from './refusal.ts';
import { PRICE_FEEDS, type PriceServers } from './servers.ts';

/** Asks each feed of a connection what SOL costs, and says in words what came back. */
export async function testFeeds(
  { network, signal, hosts }: ConnectionTestContext,
  data: PriceServers,
): Promise<ConnectionTestResult> {
  const caller = {
    fetch: guardedFetch(network, signal),
    signal,
    excerpt: (text: string, length: number) => text.slice(0, length),
    turn: () => Promise.resolve(),
  };
  const ids = idsOf('SOL');
  const feeds = openFeeds(caller, { name: 'test', type: PRICE_FEEDS, data, hosts });
  const answers = await Promise.all(
    feeds.map(({ name, quote }) =>
      quote(ids[name]!).then(
        () => null,
        (error: unknown) => refusalOf(name, error),
      ),
    ),
  );
  const wrong = answers.filter((one) => one !== null);
  if (wrong.length === 0) return { ok: true, account: feeds.map(({ name }) => name).join(', ') };
  return { ok: false, message: wrong.map(({ feed, message }) => `${feed}: ${message}`).join(' ') };
}
