import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { cutBody, dropAnswer, dropRequest, failAfter, meanwhile, rateLimits, refuse } from './faults.ts';
import { fakeProvider } from './provider.ts';

const provider = await fakeProvider({
  state: () => ({ things: [] as string[] }),
  routes: {
    'GET /things': ({ query }, { things }) => ({ body: things.slice(Number(query.get('from') ?? 0)) }),
    'POST /things': ({ body }, { things }) => ({ status: 201, body: { id: things.push(String(body)) } }),
    'GET /things/:id': ({ params }, { things }) => ({ body: things[Number(params.id)] ?? null }),
  },
  authorize: ({ headers }) => (headers.authorization === 'key' ? null : { status: 401, body: {} }),
});
beforeEach(() => provider.reset());
afterAll(() => provider.close());

const ask = (method: string, path: string, authorization = 'key') =>
  fetch(provider.base + path, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(method === 'POST' && { body: '"a"' }),
  });
const add = () => ask('POST', '/things');

describe('a fake provider', () => {
  it('answers from its state, by route, and keeps a log', async () => {
    expect((await add()).status).toBe(201);
    expect(await (await ask('GET', '/things/0')).text()).toBe('a');
    expect((await ask('GET', '/nothing')).status).toBe(404);
    expect((await ask('GET', '/things', 'bad')).status).toBe(401);
    expect(provider.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /things',
      'GET /things/0',
      'GET /nothing',
      'GET /things',
    ]);
    provider.reset();
    expect([provider.state, provider.requests]).toEqual([{ things: [] }, []]);
  });

  it('follows a script of faults, one for each request, and then works again', async () => {
    provider.fail('POST /things', refuse(401), null, failAfter(500), refuse(503));
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await add()).status);
    expect(statuses).toEqual([401, 201, 500, 503, 201]);
    expect(provider.state.things).toHaveLength(3);
  });

  it('loses a request before, or an answer after, the work', async () => {
    provider.fail('POST /things', dropRequest, dropAnswer, cutBody);
    await expect(add()).rejects.toThrow();
    expect(provider.state.things).toHaveLength(0);
    await expect(add()).rejects.toThrow();
    expect(provider.state.things).toHaveLength(1);
    await expect(add().then((answer) => answer.json())).rejects.toThrow();
    expect(provider.state.things).toHaveLength(2);
  });

  it('changes between two pages', async () => {
    provider.fail(
      'GET /things',
      null,
      meanwhile(() => void provider.state.things.unshift('new')),
    );
    provider.state.things.push('a', 'b', 'c');
    expect(await (await ask('GET', '/things')).json()).toEqual(['a', 'b', 'c']);
    expect(await (await ask('GET', '/things?from=2')).json()).toEqual(['b', 'c']);
  });

  it('stays down while it is told to', async () => {
    provider.always('* /*', refuse(403, { error: 'token_revoked' }));
    for (let i = 0; i < 3; i++) expect((await add()).status).toBe(403);
  });

  it('says how long to wait in every form, by its own clock', async () => {
    provider.fail('POST /things', ...Object.values(rateLimits(2)));
    provider.clock.advance(60_000);
    const said = [];
    for (const _ of Object.keys(rateLimits(2))) {
      const { headers, status } = await add();
      said.push([status, headers.get('retry-after'), headers.get('retry-after-ms')]);
    }
    expect(said).toEqual([
      [429, '2', null],
      [429, 'Mon, 05 Jan 2026 12:01:02 GMT', null],
      [429, '1.5', null],
      [429, '62', '2000'],
      [429, null, null],
    ]);
  });
});
