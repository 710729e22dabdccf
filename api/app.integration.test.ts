import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { graphOf, useApi } from './testing/api.ts';

const api = useApi();

describe('every answer', () => {
  it('has its request id and headers that keep browsers out', async () => {
    const answer = await api.get('/api/health/live', { 'x-request-id': 'abc-1' });
    expect(answer.body).toEqual({ status: 'ok' });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-request-id': 'abc-1',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect((await api.get('/api/health/live', { 'x-request-id': 'a b\u007f' })).headers.get('x-request-id')).toMatch(
      /^[0-9a-f-]{36}$/,
    );
    expect(api.logged.at(-1)).toContain('"route":"/api/health/live"');
  });

  it('answers an unknown address or method with a problem', async () => {
    expect(await api.get('/api/nothing')).toMatchObject({ status: 404, body: { code: 'route.notFound' } });
    const wrong = await api.put('/api/runs', {});
    expect(wrong).toMatchObject({ status: 405, body: { code: 'method.notAllowed' } });
    expect(wrong.headers.get('allow')).toBe('POST, GET');
  });
});

describe('bodies', () => {
  const post = (body: string, headers: Record<string, string> = {}) => api.post('/api/events', body, headers);

  it('must be JSON of the right type, known keys only', async () => {
    expect(await post('{"name":"x"}', { 'content-type': 'text/plain' })).toMatchObject({
      status: 415,
      body: { code: 'body.type' },
    });
    expect(await post('{"name":"x"}', { 'content-type': 'application/json; charset=utf-8' })).toMatchObject({
      status: 202,
    });
    expect(await post('{"name": CANARY}')).toMatchObject({ status: 400, body: { code: 'body.invalid' } });
    expect((await post('{"name": CANARY}')).text).not.toContain('CANARY');
    expect(await post('{"name":"x","colour":1}')).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', detail: expect.stringContaining('colour') },
    });
    expect(await post('{}')).toMatchObject({ status: 400, body: { problems: [{ path: '/name' }] } });
    expect(await post('[]')).toMatchObject({ status: 400 });
    expect(await post(`{"name":"x","data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toMatchObject({
      status: 400,
      body: { code: 'body.invalid' },
    });
    expect(await api.put('/api/vars/v', {})).toMatchObject({ status: 400 });
    expect(await api.put('/api/vars/v', { value: null })).toMatchObject({ status: 200 });
  });

  it.each([
    ['POST', '/api/events', '{"name":"x","data":{"ids":[1,9007199254740993]}}', '/data/ids/1'],
    ['POST', '/api/runs', '{"graph":"…","input":{"id":7615917337495251231}}', '/input/id'],
    ['POST', '/api/runs', '{"graph":{"blok":1,"vars":{"id":7615917337495251231}}}', '/graph/vars/id'],
    ['POST', '/api/runs/r1/tell', '{"name":"x","data":-9007199254740993}', '/data'],
    ['POST', '/api/runs/r1/tell', '{"name":"x","data":{"a/b":9007199254740993}}', '/data/a~1b'],
    ['POST', '/api/runs/r1/approvals/a', '{"decision":"approved","values":{"n":1e999}}', '/values/n'],
    ['POST', '/api/workflows/w/runs', '{"input":[[{"a":-9007199254740993}]]}', '/input/0/0/a'],
    ['PUT', '/api/workflows/w', '{"graph":{"blok":1,"meta":{"n":9007199254740993}}}', '/graph/meta/n'],
    ['PUT', '/api/vars/v', '{"value":9007199254740993}', '/value'],
    ['PUT', '/api/connections/c', '{"type":"http","data":{"key":7615917337495251231}}', '/data/key'],
  ])('refuse numbers that would change: %s %s %s', async (method, path, body, field) => {
    const answer = await api.send(method, path, body);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'body.invalid',
        detail: `body${field}: This number cannot be held exactly. Quote it, so that it is a text.`,
        problems: [{ code: 'bad-text', path: field }],
      },
    });
    expect(answer.text).not.toMatch(/[0-9]{16}/);
  });

  it('take the numbers that JSON.stringify writes', async () => {
    expect(await post(JSON.stringify({ name: 'x', data: [1e20, 2 ** 53, 5e-324] }))).toMatchObject({ status: 202 });
  });

  it('keep the place of such a number in a graph that is the body', async () => {
    const answer = await api.put(
      '/api/workflows/a',
      '{"blok":1,"name":"a","nodes":{},\n"vars":{"n":9007199254740993}}',
    );
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'graph.invalid', problems: [{ code: 'bad-text', path: '/vars/n', line: 2 }] },
    });
  });

  it('may hold any text', async () => {
    const data = { 'a\u0000': '\ud800', deep: [[['\u0000']]] };
    expect(await post(JSON.stringify({ name: 'odd', data, key: 'k\u0000' }))).toMatchObject({ status: 202 });
    expect(await post(JSON.stringify({ name: 'n\u0000' }))).toMatchObject({ status: 400 });
  });

  it('are refused if they are over 10 MB, and cut off at 64 MB', async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent++;
        controller.enqueue(new Uint8Array(1024 * 1024).fill(32));
      },
    });
    const request = new Request('http://localhost/api/events', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
    const answer = await api.appOf('a').request(request);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'body.tooLarge' });
    expect(sent).toBeLessThan(70);
    const almost = { graph: graphOf('big'), input: 'x'.repeat(10 * 1024 * 1024 - 500) };
    expect((await api.post('/api/runs', almost)).status).toBe(202);
  });
});

describe('GET /api/health/ready', () => {
  it('says what is missing', async () => {
    expect(await api.get('/api/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ready', temporal: 'ok', postgres: 'ok', worker: 'ok' },
    });
    api.runs().down = true;
    expect(await api.get('/api/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'not ready', temporal: 'down', postgres: 'ok', worker: 'unknown' },
    });
  });
});

describe('our own failures', () => {
  it('are answered without their message', async () => {
    const admin = postgres(api.store.url(), { max: 1 });
    await admin`revoke select on workflow from blok_app`;
    try {
      const answer = await api.get('/api/workflows');
      expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
      expect(answer.text).not.toMatch(/permission|select|workflow_version/);
      expect(api.logged.slice(-2).join('')).toContain(answer.headers.get('x-request-id'));
    } finally {
      await admin`grant select on workflow to blok_app`;
      await admin.end();
    }
  });
});

describe('node types', () => {
  it('are listed', async () => {
    expect((await api.get('/api/node-types')).body.items.map((n: { type: string }) => n.type)).toEqual([
      'kv.get',
      'kv.set',
    ]);
  });
});

describe('secrets', () => {
  it('leave the encrypted column in no answer, no log line and no table', async () => {
    const canary = 'CANARY-4f9d1c';
    const answers = [
      await api.put('/api/connections/vault', { type: 'token', data: { token: canary }, hosts: ['api.example'] }),
      await api.get('/api/connections'),
      await api.put('/api/connections/bad', { type: 'token', data: { token: canary, [canary]: 1 } }),
      await api.put('/api/connections/bad', { type: 'token', data: { token: { [canary]: canary } } }),
      await api.put('/api/connections/bad', { type: 'token', data: { token: canary, mode: canary } }),
      await api.put('/api/connections/bad', { type: 'nope', data: { token: canary } }),
      await api.put('/api/connections/bad', `{"type":"token","data":{"token":"${canary}"`),
      await api.put('/api/connections/bad', { type: 'token', data: { token: canary }, extra: canary }),
      await api.put('/api/workflows/w', { graph: graphOf('w') }),
    ];
    expect(answers.map((a) => a.status)).toEqual([200, 200, 422, 422, 422, 422, 400, 400, 201]);
    expect(answers[4]!.body.detail).toMatch(/mode .*"plain"\|"signed"/);
    const facts = { account: null, scopes: null, expiresAt: null, connectedAt: null, refreshError: null };
    expect(answers[1]!.body.items).toEqual([
      {
        ...{ name: 'vault', type: 'token', hosts: ['api.example'], rateLimit: null, updatedAt: expect.any(String) },
        ...{ state: 'ok', action: null, lastUsedAt: null, ...facts },
      },
    ]);
    const admin = postgres(api.store.url(), { max: 1 });
    const tables =
      await admin`select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`;
    const dump = [];
    for (const { name } of tables)
      dump.push(...(await admin.unsafe(`select t::text as row from ${name} t`)).map((r) => r.row));
    await admin.end();
    const everything = [...answers.map((a) => a.text + JSON.stringify([...a.headers])), ...api.logged, ...dump].join(
      '\n',
    );
    expect(everything).toContain('vault');
    for (const form of [
      canary,
      Buffer.from(canary).toString('base64').slice(0, 16),
      Buffer.from(canary).toString('hex'),
      encodeURIComponent(canary),
    ]) {
      expect(everything).not.toContain(form);
    }
    expect(await api.send('DELETE', '/api/connections/vault')).toMatchObject({ status: 200 });
    expect(await api.send('DELETE', '/api/connections/vault')).toMatchObject({
      status: 404,
      body: { code: 'connection.notFound' },
    });
  });
});
