import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { recentCounts } from '../../db/index.ts';
import { graphOf, useApi } from '../testing/api.ts';
import { publishHook, sign } from './testing/hook.ts';

const api = useApi();
const SECRET = "It's a Secret to Everybody";

/** What the run that started last knows of its trigger. */
const trigger = () => api.runs().last().start.input.trigger as Record<string, unknown>;
const counts = async (workflow: string) => {
  await api.ctx().tally.flush();
  const rows = await api.store.inside((tx) => recentCounts(tx, { workflow }));
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
};
const form = (text: string) => ({ body: text, type: { 'content-type': 'application/x-www-form-urlencoded' } });

describe('a webhook', () => {
  it('starts a run with what came, and answers 202 with its address', async () => {
    const at = await publishHook(api, 'plain', { with: { verify: 'none', path: '/orders/:id' } });
    const answer = await api.post(
      `${at}/orders/a%20b?x=1&x=2&y=%C3%BC`,
      { n: 7, big: 1 },
      { 'x-Own': 'yes', authorization: 'Bearer x', cookie: 'a=b', 'x-my-signature': 's' },
    );
    expect(answer).toMatchObject({ status: 202, body: { run: { id: expect.stringMatching(/^r/) } } });
    expect(answer.headers.get('location')).toBe(`http://blok.test/api/runs/${answer.body.run.id}`);
    expect(trigger()).toMatchObject({
      id: 'in',
      uses: 'webhook',
      key: null,
      method: 'POST',
      path: '/orders/a%20b',
      params: { id: 'a b' },
      query: { x: ['1', '2'], y: 'ü' },
      body: { n: 7 },
      headers: { 'x-own': 'yes', authorization: '[redacted]', cookie: '[redacted]', 'x-my-signature': '[redacted]' },
    });
    expect(api.runs().last().start.input.input).toEqual({ n: 7, big: 1 });
    expect((await api.get(`/api/runs/${answer.body.run.id}`)).body).toMatchObject({
      workflow: 'plain',
      status: 'running',
    });
    for (const path of ['', '/', '/orders', '/orders/', '/orders/1/2', '/other/1'])
      expect((await api.post(`${at}${path}`)).status, path).toBe(404);
    expect((await api.post(`${at}/orders/%ff`)).status).toBe(400);
    expect((await api.post(`${at}/orders/a%00b`)).status).toBe(400);
  });

  it('keeps each digit of numbers that no double holds', async () => {
    const at = await publishHook(api, 'digits', { with: { verify: 'none' } });
    await api.post(at, '{"id":7615917337495251231,"rate":0.1}');
    expect(JSON.stringify(trigger().body)).toBe('{"id":"7615917337495251231","rate":0.1}');
  });

  it('reads forms, text in its charset, compressed bodies, and keeps other bytes as references', async () => {
    const at = await publishHook(api, 'kinds', { with: { verify: 'none' } });
    const { body, type } = form('a=1&b=2&b=%C3%BC+x&c');
    await api.post(at, body, type);
    expect(trigger().body).toEqual({ a: '1', b: ['2', 'ü x'], c: '' });
    const raw = (bytes: Uint8Array, headers: Record<string, string>) =>
      api.raw(at, { method: 'POST', body: bytes, headers });
    expect((await raw(Buffer.from([0xfc]), { 'content-type': 'text/plain; charset=iso-8859-1' })).status).toBe(202);
    expect(trigger().body).toBe('ü');
    expect(
      (await raw(gzipSync('{"z":1}'), { 'content-type': 'application/json', 'content-encoding': 'gzip' })).status,
    ).toBe(202);
    expect(trigger().body).toEqual({ z: 1 });
    await raw(Buffer.from([0, 255, 1]), { 'content-type': 'image/png' });
    expect(trigger().body).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      size: 3,
      contentType: 'image/png',
    });
  });

  it('keeps the files of a multipart form as references', async () => {
    const at = await publishHook(api, 'files', { with: { verify: 'none' } });
    const data = new FormData();
    data.set('title', 'Grüße');
    data.append('tag', 'a');
    data.append('tag', 'b');
    data.set('photo', new Blob([Buffer.from([1, 2, 3])], { type: 'image/png' }), '../../etc/passwd');
    expect((await api.raw(at, { method: 'POST', body: data })).status).toBe(202);
    expect(trigger().body).toEqual({
      title: 'Grüße',
      tag: ['a', 'b'],
      photo: { sha256: expect.stringMatching(/^039058c6/), size: 3, contentType: 'image/png', name: 'passwd' },
    });
  });

  it('is not found if it is switched off, unknown or gone, without a difference', async () => {
    const at = await publishHook(api, 'gone', { with: { verify: 'none' } });
    const off = async () => {
      const { status, body, headers } = await api.post(at);
      return { status, body: { ...body, instance: '' }, type: headers.get('content-type') };
    };
    const unknown = await api.post(`/hooks/${'x'.repeat(32)}`);
    const same = { status: 404, body: { ...unknown.body, instance: '' }, type: unknown.headers.get('content-type') };
    await api.store.inside((tx) => tx.db.execute("update trigger set enabled = false where workflow = 'gone'"));
    expect(await off()).toEqual(same);
    await api.store.inside((tx) => tx.db.execute("update trigger set enabled = true where workflow = 'gone'"));
    expect((await api.post(at)).status).toBe(202);
    await api.store.inside((tx) => tx.db.execute("update workflow set active = false where name = 'gone'"));
    expect(await off()).toEqual(same);
    await api.store.inside((tx) => tx.db.execute("update workflow set active = true where name = 'gone'"));
    await api.put('/api/workflows/gone', { graph: graphOf('gone') });
    expect(await off()).toEqual(same);
  });

  it('says that no run was started if its `if` is false, and what is wrong with the input', async () => {
    const at = await publishHook(api, 'choosy', {
      with: { verify: 'none' },
      if: '${{ trigger.body.wanted }}',
      graph: { input: { type: 'object', properties: { wanted: {}, n: { type: 'integer' } } } },
    });
    expect(await api.post(at, { wanted: false })).toMatchObject({ status: 202, body: { run: null } });
    expect(await api.post(at, { wanted: true, n: 'x' })).toMatchObject({
      status: 400,
      body: { code: 'hook.input', problems: [{ path: '/n' }] },
    });
    expect(api.runs().all.size).toBe(0);
    expect(await counts('choosy')).toEqual({ seen: 2, declined: 1, refused: 1 });
  });

  it('takes its methods only; HEAD and OPTIONS start nothing', async () => {
    const at = await publishHook(api, 'methods', { with: { verify: 'none', methods: ['PUT', 'GET'] } });
    const refused = await api.post(at);
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'PUT, GET, HEAD, OPTIONS']);
    expect((await api.send('HEAD', at)).status).toBe(200);
    expect((await api.send('OPTIONS', at)).status).toBe(204);
    expect(api.runs().all.size).toBe(0);
    expect((await api.get(at)).status).toBe(202);
    expect((await api.put(at, {})).status).toBe(202);
  });

  it('takes pages of listed sites only', async () => {
    const at = await publishHook(api, 'sites', { with: { verify: 'none', origins: ['https://shop.example'] } });
    const from = (origin: string, method = 'POST') =>
      api.send(method, at, method === 'POST' ? {} : undefined, {
        origin,
        'sec-fetch-site': 'cross-site',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      });
    const listed = await from('https://shop.example', 'OPTIONS');
    expect(listed.status).toBe(204);
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(listed.headers.get('access-control-allow-headers')).toBe('content-type');
    expect((await from('https://shop.example')).headers.get('access-control-allow-origin')).toBe(
      'https://shop.example',
    );
    for (const origin of ['https://shop.example.evil.test', 'http://shop.example', 'null'])
      expect([(await from(origin)).status, (await from(origin, 'OPTIONS')).status], origin).toEqual([403, 403]);
    expect(api.runs().all.size).toBe(1);
    expect((await api.post(at, {}, { host: 'evil.example' })).status).toBe(403);
  });
});

describe('a webhook that takes GET', () => {
  const from = (site: string, mode: string, dest: string) => ({
    ...{ 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest },
  });

  it.each([
    ['a link', from('cross-site', 'navigate', 'document')],
    ['a form', { ...from('cross-site', 'navigate', 'document'), 'upgrade-insecure-requests': '1' }],
    ['an image', from('cross-site', 'no-cors', 'image')],
    ['a frame', from('cross-site', 'navigate', 'iframe')],
    ['a link of a neighbour', from('same-site', 'navigate', 'document')],
    ['a script', { origin: 'https://evil.example' }],
  ])('is not fired by %s on a page of another site, unless every site may', async (what, headers) => {
    const name = what.replaceAll(' ', '-');
    const at = await publishHook(api, `shut-${name}`, { with: { verify: 'none', methods: ['GET'] } });
    const refused = await api.get(at, headers);
    expect([refused.status, refused.body.code]).toEqual([403, 'origin.refused']);
    expect(refused.body.detail).toContain('origins');
    expect(api.runs().all.size).toBe(0);
    const open = await publishHook(api, `open-${name}`, { with: { verify: 'none', methods: ['GET'], origins: ['*'] } });
    expect((await api.get(open, headers)).status).toBe(202);
  });

  it.each([
    ['a person who pastes its address', from('none', 'navigate', 'document')],
    ['a server', {}],
    ['a page of its own', from('same-origin', 'navigate', 'document')],
  ])('is fired by %s', async (what, headers) => {
    const name = `by-${what.replaceAll(' ', '-')}`;
    const at = await publishHook(api, name, { with: { verify: 'none', methods: ['GET'] } });
    expect((await api.get(at, headers)).status).toBe(202);
  });
});

describe('verification', () => {
  let at = '';
  const github = { verify: 'github' };
  const signed = (body: string, headers: object = {}) => ({
    'x-hub-signature-256': `sha256=${sign(SECRET, body)}`,
    ...headers,
  });

  it('is never open: without its secret the webhook takes nothing and says why to its owner', async () => {
    at = await publishHook(api, 'pushes', { with: github, connection: 'github-hook' });
    const answer = await api.post(at, '{}', signed('{}'));
    expect(answer).toMatchObject({ status: 503, body: { code: 'hook.unready' } });
    expect(answer.text).not.toContain('github-hook');
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(api.runs().all.size).toBe(0);
  });

  it('takes what is signed, and one run starts for each event', async () => {
    await api.put('/api/connections/github-hook', {
      type: 'webhook-secret',
      data: { secret: 'new', previous: SECRET },
    });
    const first = await api.post(at, '{"n":1}', signed('{"n":1}', { 'x-github-delivery': 'd1' }));
    const again = await api.post(at, '{"n":1}', signed('{"n":1}', { 'x-github-delivery': 'd1' }));
    const other = await api.post(at, '{"n":1}', signed('{"n":1}', { 'x-github-delivery': 'd2' }));
    expect([first.status, again.status, other.status]).toEqual([202, 202, 202]);
    expect(again.body).toEqual(first.body);
    expect(other.body).not.toEqual(first.body);
    expect(api.runs().all.size).toBe(2);
    expect(trigger()).toMatchObject({ key: 'd2', headers: { 'x-hub-signature-256': '[redacted]' } });
    expect(await counts('pushes')).toMatchObject({ seen: 3, started: 2, duplicate: 1 });
  });

  it('refuses whatever is not, always with the same words, and counts it', async () => {
    const before = await counts('pushes');
    const bad: Record<string, string>[] = [
      {},
      signed('{ }'),
      { 'x-hub-signature-256': 'sha256=' },
      { 'x-hub-signature-256': `sha1=${sign(SECRET, '{}', 'sha1')}` },
    ];
    const answers = await Promise.all(bad.map((headers) => api.post(at, '{}', headers)));
    for (const { status, body } of answers)
      expect([status, body.code, body.detail]).toEqual([401, 'hook.refused', answers[0]!.body.detail]);
    expect(api.runs().all.size).toBe(0);
    const after = await counts('pushes');
    expect([after.refused, after.seen]).toEqual([(before.refused ?? 0) + 4, before.seen! + 4]);
  });

  it('answers Slack’s challenge, if Slack signed it', async () => {
    const slack = await publishHook(api, 'slack', { with: { verify: 'slack' }, connection: 'slack-app' });
    await api.put('/api/connections/slack-app', { type: 'webhook-secret', data: { secret: 's' } });
    const body = '{"type":"url_verification","challenge":"3eZbrw1a"}';
    const time = String(Math.floor(Date.now() / 1000));
    const headers = { 'x-slack-request-timestamp': time, 'x-slack-signature': `v0=${sign('s', `v0:${time}:${body}`)}` };
    expect(await api.post(slack, body, headers)).toMatchObject({ status: 200, text: '3eZbrw1a' });
    expect((await api.post(slack, body)).status).toBe(401);
    expect(api.runs().all.size).toBe(0);
  });

  it('names the scheme of a credential', async () => {
    const bearer = await publishHook(api, 'bearer', { with: { verify: 'bearer' }, connection: 'site-key' });
    await api.put('/api/connections/site-key', { type: 'http-bearer', data: { token: 'abc' } });
    const refused = await api.post(bearer, {}, { authorization: 'Bearer abd' });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await api.post(bearer, {}, { authorization: 'Bearer abc' })).status).toBe(202);
  });
});

describe('duplicates', () => {
  it('are what `dedupe` says', async () => {
    const at = await publishHook(api, 'dedupe', { with: { verify: 'none', dedupe: '${{ trigger.body.id }}' } });
    const first = await api.post(at, { id: 7, n: 1 });
    expect((await api.post(at, { id: 7, n: 2 })).body).toEqual(first.body);
    expect((await api.post(at, { id: 8 })).body).not.toEqual(first.body);
    // Without an id, each request is an event of its own.
    const ids = [await api.post(at, { n: 1 }), await api.post(at, { n: 1 })].map(({ body }) => body.run.id);
    expect(new Set(ids).size).toBe(2);
    expect((await api.post(at, { id: 'x'.repeat(5000) })).status).toBe(202);
    expect(await api.post(at, '5')).toMatchObject({ status: 202 });
    expect(await api.post(at, 'null')).toMatchObject({ status: 400, body: { code: 'hook.input' } });
  });

  it('start nothing however often a request is sent again while Temporal is away', async () => {
    const at = await publishHook(api, 'away', { with: { verify: 'none', dedupe: '${{ trigger.body.id }}' } });
    api.runs().down = true;
    const away = await api.post(at, { id: 1 });
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2']);
    api.runs().down = false;
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.post(at, { id: 1 })));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(api.runs().all.size).toBe(1);
  });
});

describe('a workspace with too many open runs', () => {
  const full = useApi({ workspace: 'full', maxOpenRuns: 1 });
  it('asks senders to come again', async () => {
    const at = await publishHook(full, 'crowd', { with: { verify: 'none' } });
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push(await full.post(at));
    const last = answers.at(-1)!;
    expect([last.status, last.body.code, last.headers.get('retry-after')]).toEqual([503, 'hook.busy', '2']);
  });
});
