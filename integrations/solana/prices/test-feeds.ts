import type { ConnectionTestContext, ConnectionTestResult } from '../../define-connection.ts';
import { ownCaller } from '../chain/own-caller.ts';
import { idsOf } from './ids.ts';
import { openFeeds } from './open.ts';
import { refusalOf } from './refusal.ts';
import { PRICE_FEEDS, type PriceServers } from './servers.ts';

/** Asks each feed of a connection what SOL costs, and says in words what came back. */
export async function testFeeds(ctx: ConnectionTestContext, data: PriceServers): Promise<ConnectionTestResult> {
  const caller = { ...ownCaller(ctx), turn: () => Promise.resolve() };
  const ids = idsOf('SOL');
  const feeds = openFeeds(caller, { name: 'test', type: PRICE_FEEDS, data, hosts: ctx.hosts });
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
