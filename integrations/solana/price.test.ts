import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeError } from '../error.ts';
import { cutBody, dropAnswer, type Fault, meanwhile, rateLimits, refuse } from '../testing/fake-provider/faults.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { solanaPrice } from './price.ts';
import type { FeedName, Reason } from './prices/feed.ts';
import { type FeedState, fakeFeeds, feedsConnection, ROUTES, SOL, TOKEN } from './prices/testing/feeds.ts';

const feeds = await fakeFeeds();
beforeEach(() => feeds.reset());
afterAll(() => feeds.close());

type Given = Parameters<typeof runNode<typeof solanaPrice.input, typeof solanaPrice.output>>[2];
const ask = (given: Partial<Given> = {}, servers: object = {}) =>
  runNode(solanaPrice, fakeContext({ connection: feedsConnection(feeds.base, servers) }), { asset: 'SOL', ...given });

/** Who is asked besides the feed that a case is about: somebody who never fails. */
const OTHER: Record<FeedName, FeedName> = { pyth: 'jupiter', jupiter: 'coingecko', coingecko: 'pyth' };

describe('solana.price', () => {
  it('is the median of the feeds that agree, with the ends of what it may be and the time of the oldest', async () => {
    const found = await ask();
    expect(found).toMatchObject({
      ...{ asset: 'SOL', usd: '150.12345678', low: '150.04845678', high: '150.2', spread: '0.0667', refused: [] },
      feeds: [
        { feed: 'jupiter', usd: '150.1', confidence: null },
        { feed: 'pyth', id: SOL.pyth, usd: '150.12345678', confidence: '0.075' },
        { feed: 'coingecko', usd: '150.2', confidence: null },
      ],
    });
    expect(Date.now() - Date.parse(found.asOf)).toBeGreaterThanOrEqual(40_000);
    expect(Date.now() - Date.parse(found.asOf)).toBeLessThan(50_000);
  });

  it('takes the middle of two, with every digit', async () => {
    expect((await ask({ feeds: ['jupiter', 'pyth'] })).usd).toBe('150.11172839');
  });

  it('reads prices that are written with exponents, and never rounds them', async () => {
    feeds.state.jupiter[TOKEN]!.usdPrice = '0.0000230000000000000000000001';
    feeds.state.coingecko[TOKEN]!.usd = '2.3E-5';
    const { usd } = await ask({ asset: TOKEN });
    expect(usd).toBe('0.00002300000000000000000000005');
  });

  it.each([
    [-8, '15012345678', '150.12345678'],
    [0, '150', '150'],
    [1, '15', '150'],
    [-30, '150123456780000000000000000000', '0.15012345678'],
  ])('reads prices of Pyth with the exponent %i', async (expo, price, usd) => {
    feeds.state.pyth[SOL.pyth] = { price, conf: '0', expo, age: 1 };
    expect((await ask({ feeds: ['pyth'], agree: 1 })).usd).toBe(usd);
  });

  it('knows an asset by its symbol, its mint, its feed of Pyth, or by what the author says', async () => {
    expect((await ask({ asset: 'sol' })).feeds).toHaveLength(3);
    expect((await ask({ asset: SOL.jupiter })).feeds).toHaveLength(3);
    expect((await ask({ asset: TOKEN })).feeds.map(({ feed }) => feed)).toEqual(['jupiter', 'coingecko']);
    expect((await ask({ asset: SOL.pyth, agree: 1 })).feeds).toHaveLength(1);
    expect((await ask({ asset: 'gas money', ids: { pyth: SOL.pyth, coingecko: 'solana' } })).feeds).toHaveLength(2);
    expect(await failure(ask({ asset: 'gas money' }))).toMatchObject({ code: 'input.invalid', retryable: false });
    expect(await failure(ask({ asset: SOL.pyth }))).toMatchObject({ code: 'input.invalid' });
    expect((await failure(ask({ feeds: ['pyth'] }))).message).toMatch(/2 feeds must agree on SOL, and only 1/);
  });

  it('sends each key to its own service, in the form of its plan', async () => {
    await ask();
    const sent = Object.fromEntries(feeds.requests.map(({ path, headers }) => [path, headers]));
    expect(sent['/jup/price/v3']).not.toHaveProperty('authorization');
    expect(sent['/cg/api/v3/simple/price']).toHaveProperty('x-cg-demo-api-key');
    feeds.always('GET /cg/*', refuse(401, { error: { status: { error_code: 10_010, error_message: 'Use pro-api' } } }));
    const { message } = await failure(ask({ feeds: ['coingecko'], agree: 1 }, { coingeckoPlan: 'pro' }));
    expect(message).toContain('Use pro-api');
    expect(feeds.requests.at(-1)!.headers).toHaveProperty('x-cg-pro-api-key');
  });

  it('asks Pyth only if it has a token, or another address', async () => {
    const connection = feedsConnection(feeds.base);
    const { pythUrl: _, pythToken: __, ...data } = connection.data;
    const ctx = fakeContext({ connection: { ...connection, data } });
    expect((await runNode(solanaPrice, ctx, { asset: 'SOL' })).feeds.map(({ feed }) => feed)).toEqual([
      'jupiter',
      'coingecko',
    ]);
  });
});

const answering = (body: unknown): Fault => refuse(200, body);
/** Something about a feed changes before it is asked. */
const pyth = (given: Partial<FeedState['pyth'][string]>): Fault =>
  meanwhile(() => void Object.assign(feeds.state.pyth[SOL.pyth]!, given));
const jupiter = (given: Partial<FeedState['jupiter'][string]>): Fault =>
  meanwhile(() => void Object.assign(feeds.state.jupiter[SOL.jupiter]!, given));
const coingecko = (given: Partial<FeedState['coingecko'][string]>): Fault =>
  meanwhile(() => void Object.assign(feeds.state.coingecko.solana!, given));

/** The same feed with two prices. */
const twice = answering({
  parsed: ['15012345678', '5012345678'].map((price) => ({
    id: SOL.pyth,
    price: { price, conf: '1', expo: -8, publish_time: Math.floor(Date.now() / 1_000) },
  })),
});

/** Each way in which a feed cannot be relied on: what is wrong, and what is said about it. */
const CASES: readonly (readonly [string, FeedName, Fault, Reason, RegExp])[] = [
  ['stale', 'pyth', pyth({ age: 125 }), 'stale', /2m\ds old, and 2m are allowed/],
  ['stale by slots', 'jupiter', jupiter({ age: 400 }), 'stale', /2m40s old/],
  ['stale', 'coingecko', coingecko({ age: 600 }), 'stale', /10m.* old/],
  ['of the future', 'pyth', pyth({ age: -60 }), 'undated', /in the future/],
  ['from ahead of the chain', 'jupiter', jupiter({ age: -200 }), 'undated', /only at/],
  ['without a slot', 'jupiter', jupiter({ age: null }), 'undated', /slot/],
  ['without a time', 'coingecko', coingecko({ age: null }), 'undated', /when/],
  ['unknown', 'pyth', meanwhile(() => void delete feeds.state.pyth[SOL.pyth]), 'missing', /404/],
  ['that of something else', 'pyth', answering({ parsed: [{ id: 'ab'.repeat(32) }] }), 'missing', /no feed/],
  ['absent', 'jupiter', meanwhile(() => void delete feeds.state.jupiter[SOL.jupiter]), 'missing', /no price/],
  ['null', 'jupiter', jupiter({ usdPrice: 'null' }), 'missing', /no price/],
  ['absent', 'coingecko', answering({}), 'missing', /no price/],
  ['empty', 'coingecko', answering({ solana: {} }), 'missing', /no price/],
  ['uncertain', 'pyth', pyth({ conf: '160000000' }), 'wide', /within 1\.0658 %, and 1 % are allowed/],
  ['zero', 'pyth', pyth({ price: '0' }), 'zero', /price is 0/],
  ['negative', 'pyth', pyth({ price: '-1' }), 'zero', /price is -0\.00000001/],
  ['zero', 'jupiter', jupiter({ usdPrice: '0.0' }), 'zero', /price is 0/],
  ['zero', 'coingecko', coingecko({ usd: '0e-9' }), 'zero', /price is 0/],
  ['of an impossible exponent', 'pyth', pyth({ expo: -99 }), 'unreadable', /exponent/],
  ['of an endless exponent', 'jupiter', jupiter({ usdPrice: '1e-999' }), 'unreadable', /no number/],
  ['a word', 'coingecko', answering({ solana: { usd: 'many', last_updated_at: 1 } }), 'unreadable', /no number/],
  ['of another shape', 'pyth', answering([1, 2]), 'unreadable', /no JSON object/],
  ['without numbers', 'pyth', answering({ parsed: [{ id: SOL.pyth, price: {} }] }), 'unreadable', /no integers/],
  ['half an answer', 'pyth', answering('{"parsed":[{"id":"ef'), 'unreadable', /cut off/],
  ['half an answer', 'jupiter', answering('{"So1111'), 'unreadable', /cut off/],
  ['half an answer', 'coingecko', answering('{"solana":{"usd":15'), 'unreadable', /cut off/],
  ['endless', 'coingecko', answering(`{"a":"${'x'.repeat(300_000)}"}`), 'unreadable', /larger than/],
  ['cut in half', 'pyth', cutBody, 'unavailable', /connection broke/],
  ['cut in half', 'jupiter', cutBody, 'unavailable', /connection broke/],
  ['cut in half', 'coingecko', cutBody, 'unavailable', /connection broke/],
  ['never answered', 'jupiter', dropAnswer, 'unavailable', /connection broke/],
  ['limited', 'pyth', refuse(429, 'Too Many Requests'), 'limited', /429/],
  ['limited', 'jupiter', refuse(429, { code: 429, message: 'Rate limit exceeded' }), 'limited', /Rate limit/],
  [
    'limited',
    'coingecko',
    refuse(429, { status: { error_code: 429, error_message: 'Exceeded' } }),
    'limited',
    /Exceeded/,
  ],
  [
    ...(['limited beside a status that says something else', 'coingecko'] as const),
    answering({ status: { error_code: 429, error_message: 'Exceeded' } }),
    ...(['limited', /429/] as const),
  ],
  [
    ...(['limited beside a status that says something else', 'jupiter'] as const),
    answering({ code: 429, message: 'Rate limit exceeded' }),
    ...(['limited', /429/] as const),
  ],
  ['named twice', 'pyth', twice, 'unreadable', /2 times/],
  ['throttled by the network', 'coingecko', refuse(429, 'Throttled'), 'limited', /429/],
  ['without a key', 'pyth', refuse(401, 'Unauthorized'), 'denied', /401/],
  ['forbidden', 'jupiter', refuse(403, { message: 'Forbidden' }), 'denied', /Forbidden/],
  [
    ...(['of the other plan', 'coingecko'] as const),
    refuse(400, { status: { error_code: 10_011, error_message: 'Change your root URL' } }),
    ...(['denied', /root URL/] as const),
  ],
  ['an error of the service', 'coingecko', refuse(500, { error: 'Internal' }), 'unavailable', /Internal/],
];

/** No waiting helps. */
const FINAL: readonly string[] = ['missing', 'denied'] satisfies Reason[];

describe.each(CASES)('a price that is %s (%s)', (_, feed, fault, reason, why) => {
  beforeEach(() => feeds.always(ROUTES[feed], fault));

  it('is refused: the code says why, and the details say which feed', async () => {
    const other = OTHER[feed];
    const error = await failure(ask({ feeds: [feed, other] }));
    expect(error).toMatchObject({ code: `price.${reason}`, unknown: false });
    expect(error.message).toMatch(why);
    expect(saidOf(error, feed)).toEqual({ feed, code: `price.${reason}`, message: expect.stringMatching(why) });
    expect(saidOf(error, other)).toMatchObject({ price: expect.stringMatching(/^150\./) });
    expect(error.retryable).toBe(!FINAL.includes(reason));
  });

  it('does no harm while two others agree', async () => {
    const { feeds: agreeing, refused } = await ask();
    expect(agreeing.map((one) => one.feed)).not.toContain(feed);
    expect(refused).toEqual([{ feed, code: `price.${reason}`, message: expect.stringMatching(why) }]);
  });
});

const saidOf = ({ details }: NodeError, feed: FeedName) =>
  (details as { feeds: { feed: string }[] }).feeds.find((one) => one.feed === feed);

describe('prices that are apart', () => {
  it('are refused with the code that says so, and with what each feed says', async () => {
    feeds.state.jupiter[SOL.jupiter]!.usdPrice = '155';
    const error = await failure(ask({ feeds: ['pyth', 'jupiter'] }));
    expect(error).toMatchObject({ code: 'price.disagree', retryable: true });
    expect(error.message).toMatch(/within 1 %.*pyth: 150\.12345678 USD\. jupiter: 155 USD\./);
  });

  it('leave one out if the two others agree', async () => {
    feeds.state.coingecko.solana!.usd = '15.02';
    const { usd, refused } = await ask();
    expect(usd).toBe('150.11172839');
    expect(refused).toMatchObject([{ feed: 'coingecko', code: 'price.disagree' }]);
    expect(await failure(ask({ agree: 3 }))).toMatchObject({ code: 'price.disagree' });
  });

  it('may be as far apart as the author allows, and not a digit more', async () => {
    feeds.state.pyth[SOL.pyth] = { price: '100', conf: '0', expo: 0, age: 1 };
    feeds.state.jupiter[SOL.jupiter]!.usdPrice = '102';
    expect((await ask({ feeds: ['pyth', 'jupiter'], maxSpread: 2 })).usd).toBe('101');
    feeds.state.jupiter[SOL.jupiter]!.usdPrice = '102.000000000000000000001';
    expect(await failure(ask({ feeds: ['pyth', 'jupiter'], maxSpread: 2 }))).toMatchObject({ code: 'price.disagree' });
  });
});

describe('a feed that is asked too often', () => {
  it.each(Object.entries(rateLimits(7)))('says how long to wait: %s', async (form, fault) => {
    feeds.always(ROUTES.coingecko, fault);
    const { retryAfterMs } = await failure(ask({ feeds: ['coingecko', 'pyth'] }));
    const wanted = { 'no header at all': undefined, 'Retry-After with a fraction': 6_500 };
    expect(retryAfterMs).toBe(form in wanted ? wanted[form as keyof typeof wanted] : 7_000);
  });

  it('says it in a header of Jupiter', async () => {
    const until = String(Math.ceil(feeds.clock.now() / 1_000) + 30);
    feeds.always(ROUTES.jupiter, refuse(429, {}, { 'x-ratelimit-reset': until }));
    const { retryAfterMs } = await failure(ask({ feeds: ['jupiter', 'pyth'] }));
    expect(retryAfterMs).toBeGreaterThan(28_000);
    expect(retryAfterMs).toBeLessThanOrEqual(31_000);
  });

  it('keeps nobody waiting for longer than until enough others answer', async () => {
    feeds.always(ROUTES.coingecko, refuse(429, {}, { 'retry-after': '600' }));
    feeds.always(ROUTES.jupiter, refuse(429, {}, { 'retry-after': '5' }));
    expect(await failure(ask())).toMatchObject({ code: 'price.limited', retryAfterMs: 5_000 });
  });
});

it('does not take a price whose age nobody can tell, because the provider of slots does not answer', async () => {
  feeds.always(ROUTES.slot, refuse(429, {}, { 'retry-after': '3' }));
  expect(await failure(ask({ feeds: ['jupiter', 'pyth'] }))).toMatchObject({
    code: 'price.limited',
    retryAfterMs: 3_000,
  });
});

it('says so if the provider of slots says in its answer that it was asked too often', async () => {
  feeds.always(ROUTES.slot, refuse(200, { jsonrpc: '2.0', id: 1, error: { code: 429, message: 'Too many requests' } }));
  expect(await failure(ask({ feeds: ['jupiter', 'pyth'] }))).toMatchObject({ code: 'price.limited' });
});

it('tries the feeds when the connection is tested, and says which one is wrong', async () => {
  const { priceFeeds } = await import('./prices/connection.ts');
  const { network, signal } = fakeContext();
  const data = priceFeeds.fields.parse(feedsConnection(feeds.base).data);
  expect(await priceFeeds.test!({ network, signal, hosts: [] }, data)).toMatchObject({ ok: true });
  feeds.always(ROUTES.pyth, refuse(403, 'Forbidden'));
  const tried = await priceFeeds.test!({ network, signal, hosts: [] }, data);
  expect(tried).toEqual({ ok: false, message: expect.stringMatching(/^pyth: .*403/) });
});

it('sends no key to a host that the connection is not bound to', async () => {
  const connection = { ...feedsConnection(feeds.base), hosts: ['feeds.example'] };
  expect(await failure(runNode(solanaPrice, fakeContext({ connection }), { asset: 'SOL' }))).toMatchObject({
    code: 'connection.host',
  });
  expect(feeds.requests).toEqual([]);
});
