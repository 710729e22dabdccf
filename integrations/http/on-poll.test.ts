import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../testing/run-node.ts';
import { fakeWatch } from '../testing/run-poll.ts';
import { onPoll } from './on-poll.ts';
import { json, type RecordingServer, recordingServer } from './testing/recording-server.ts';

let server: RecordingServer;
beforeAll(async () => {
  server = await recordingServer();
});
beforeEach(() => server.reset());
afterAll(() => server.close());

interface Order {
  readonly id: number;
  readonly at: number;
}

/** A service with orders, which can be asked for those since a time, at most `limit` at once. */
let orders: Order[] = [];
const serve = (limit = 1_000_000) => {
  server.answer = (req, res) => {
    const since = Number(new URL(req.url!, server.base).searchParams.get('since') ?? 0);
    const found = orders.filter(({ at }) => at >= since);
    json(res, { data: found.slice(0, limit), has_more: found.length > limit });
  };
};
const order = (id: number, at = id): Order => ({ id, at });
const keys = async (watch: { look(): Promise<{ key: string }[]> }) => (await watch.look()).map(({ key }) => key);
const watch = (given: object = {}) => fakeWatch(onPoll, { url: `${server.base}/orders`, items: 'data', ...given });
const SINCE = { cursor: 'item.at', parameter: 'since', more: 'input.has_more' };

describe('http.poll', () => {
  it('takes nothing of what is there at first, and then each new item once', async () => {
    orders = Array.from({ length: 5_000 }, (_, index) => order(index + 1));
    serve();
    const list = watch();
    expect(await keys(list)).toEqual([]);
    orders.push(order(5_001), order(5_002));
    expect(await keys(list)).toEqual(['5001', '5002']);
    expect(await keys(list)).toEqual([]);
  });

  it('goes on from a cursor, and starts nothing for what is there although it comes in pages', async () => {
    orders = Array.from({ length: 95 }, (_, index) => order(index + 1));
    serve(10);
    const list = watch(SINCE);
    expect(await keys(list)).toEqual([]);
    orders.push(order(96), order(97));
    expect(await keys(list)).toEqual(['96', '97']);
    expect(server.seen.at(-1)!.url).toContain('since=95');
  });

  it('takes items once that share the cursor', async () => {
    orders = [order(1, 7)];
    serve();
    const list = watch(SINCE);
    await list.look();
    orders.push(order(2, 7), order(3, 7));
    expect(await keys(list)).toEqual(['2', '3']);
    orders.push(order(4, 7), order(5, 8));
    expect(await keys(list)).toEqual(['4', '5']);
  });

  it('takes everything in pages from the beginning, without losing any', async () => {
    orders = Array.from({ length: 1_300 }, (_, index) => order(index + 1));
    serve();
    const list = watch({ ...SINCE, from: 'beginning' });
    expect(await keys(list)).toEqual(orders.map(({ id }) => String(id)));
  });

  it('lets others have turns while it computes keys for long', async () => {
    orders = Array.from({ length: 2_500 }, (_, index) => order(index + 1));
    serve();
    const list = watch({ key: 'Array.from({ length: 500 }).map((one, index) => index + item.id).length + item.id' });
    await list.look();
    let turns = 0;
    let ended = false;
    const turn = (): void => {
      turns += 1;
      if (!ended) setImmediate(turn);
    };
    const answer = server.answer;
    server.answer = (req, res, body) => {
      res.on('close', turn);
      answer(req, res, body);
    };
    await list.look();
    ended = true;
    expect(turns).toBeGreaterThan(5);
  });

  it('takes a change of an item if its key says so', async () => {
    orders = [order(1, 1)];
    serve();
    const list = watch({ key: "item.id + '@' + item.at" });
    await list.look();
    orders = [order(1, 2)];
    expect(await keys(list)).toEqual(['1@2']);
  });

  it('turns round a list that begins with the newest item', async () => {
    orders = [order(1)];
    serve();
    const list = watch({ newestFirst: true });
    await list.look();
    orders = [order(3), order(2), order(1)];
    expect(await keys(list)).toEqual(['2', '3']);
  });

  it('sends the cursor in a field of the body', async () => {
    server.answer = (_, res) => json(res, { rows: [{ id: 1 }], next: 'c1' });
    const list = watch({
      method: 'POST',
      json: { variables: { first: 10 } },
      items: 'rows',
      cursor: 'input.next',
      field: 'variables.after',
    });
    await list.look();
    await list.look();
    expect(server.seen.map(({ body }) => JSON.parse(body))).toEqual([
      { variables: { first: 10 } },
      { variables: { first: 10, after: 'c1' } },
    ]);
    expect(server.seen[0]!.headers['idempotency-key']).toBeUndefined();
  });

  it('keeps its cursor when an answer is empty, and does not look for ever when the service says more', async () => {
    orders = [order(1)];
    serve();
    const list = watch(SINCE);
    await list.look();
    server.answer = (_, res) => json(res, { data: [], has_more: true });
    expect(await keys(list)).toEqual([]);
    serve();
    orders.push(order(2));
    expect(await keys(list)).toEqual(['2']);
  });

  it.each([
    [{ items: 'rows' }, 'There is no list at "rows"'],
    [{ key: 'item.nothing' }, 'Item 0 has no key'],
    [{ key: 'item..id' }, '"key" is not an expression'],
    [{ key: 'item.a.b.c' }, '"key" fails'],
    [{ cursor: '[item.id]', parameter: 'since' }, 'only a "field"'],
  ])('says what is wrong with %j', async (given, message) => {
    orders = [order(1)];
    serve();
    const list = watch(given);
    const error = await failure(list.look().then(() => list.look()));
    expect(error.code).toBe('http.poll');
    expect(error.message).toContain(message);
  });

  it('refuses an expression in braces, which would be computed too early', () => {
    const braces = onPoll.with.safeParse({ url: 'http://x.test', key: '${{ item.id }}' });
    expect(braces.error?.issues[0]?.message).toContain('without ${{ }}');
  });
});
