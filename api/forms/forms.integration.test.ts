import { describe, expect, it } from 'vitest';
import { getBlob, getTrigger, listTriggers, switchTrigger, triggerToken } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { graphOf, KEYRING, useApi } from '../testing/api.ts';

const api = useApi();
const html = { accept: 'text/html' };

const input = {
  type: 'object',
  required: ['name', 'size'],
  properties: {
    name: { type: 'string', title: 'Your name', description: 'As on the parcel.', default: 'Ann' },
    count: { type: 'integer', maximum: 9 },
    size: { enum: ['S', 'M'] },
    fast: { type: 'boolean' },
    on: { type: 'string', format: 'date' },
    tags: { type: 'array', items: { type: 'string' } },
    address: { type: 'object', title: 'Address', properties: { city: { type: 'string' } } },
    lines: { type: 'array', title: 'Lines', items: { type: 'object', properties: { what: { type: 'string' } } } },
  },
};

/** Publishes a workflow with a form. @returns the address of the form */
async function formWith(name: string, change: { with?: object; schema?: object } = {}): Promise<string> {
  const triggers = { ask: { uses: 'form', with: { title: 'Order <here>', ...change.with } } };
  const answer = await api.put(`/api/workflows/${name}`, graphOf(name, { input: change.schema ?? input, triggers }));
  expect(answer.status).toBe(201);
  const token = await api.store.inside(async (tx) => {
    const row = (await getTrigger(tx, { workflow: name, id: 'ask' }))!;
    return triggerToken(tx, KEYRING, { ...row, tokenKey: row.tokenKey! });
  });
  return `/forms/${token}`;
}

const type = { 'content-type': 'application/x-www-form-urlencoded' };
const send = (path: string, fields: Record<string, string>, headers: Record<string, string> = html) =>
  api.send('POST', path, new URLSearchParams(fields).toString(), { ...type, ...headers });
const onceOf = (page: string): string => /name="\+once" value="([^"]+)"/.exec(page)![1]!;
const startsOf = (workflow: string) =>
  [...api.runs().all.values()].filter(({ start }) => start.input.workflow === workflow);

describe('the page of a form', () => {
  it('has a labelled field for each property, with its help and default, and lets no script or other site in', async () => {
    const { status, text, headers } = await api.get(await formWith('shown'), html);
    expect(status).toBe(200);
    expect(text).toContain('<h1>Order &#60;here&#62;</h1>');
    expect(text).toContain('<label for="f/name">Your name');
    expect(text).toContain('As on the parcel.');
    expect(text).toContain('value="Ann"');
    for (const label of ['count', 'size', 'fast', 'on', 'tags', 'city', 'Lines']) expect(text).toContain(label);
    const policy = headers.get('content-security-policy');
    for (const part of ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"])
      expect(policy).toContain(part);
    expect(policy).not.toContain('script-src');
    expect(startsOf('shown')).toHaveLength(0);
  });

  it('comes again with what was filled in if the answers cannot be taken now, and starts one run then', async () => {
    const path = await formWith('kept');
    const once = onceOf((await api.get(path, html)).text);
    const fields = { '+once': once, '/name': 'Long thought about', '/size': '1' };
    api.runs().down = true;
    const lost = await send(path, fields);
    expect(lost.status).toBe(503);
    for (const part of ['value="Long thought about"', 'still here', 'role="alert"', once])
      expect(lost.text).toContain(part);
    expect((await send(path, fields, {})).body).toMatchObject({ code: 'temporal.unavailable' });
    api.runs().down = false;
    expect((await send(path, fields)).status).toBe(303);
    expect(startsOf('kept')).toHaveLength(1);
  });

  it('starts one run for a form that is sent twice, and leads to the page of its result', async () => {
    const path = await formWith('twice');
    const once = onceOf((await api.get(path, html)).text);
    const fields = {
      ...{ '+once': once, '/name': 'Bo', '/count': '3', '/size': '1', '/fast': 'on', '/on': '2026-02-01' },
      ...{
        '/tags': 'a\r\nb',
        '/address/city': 'Bern',
        '/lines#rows': '2',
        '/lines/0/what': 'pen',
        '/lines/1/what': '',
      },
    };
    const sent = await Promise.all([1, 2, 3].map(() => send(path, fields)));
    for (const { status } of sent) expect(status).toBe(303);
    expect(startsOf('twice')).toHaveLength(1);
    const { start } = startsOf('twice')[0]!;
    expect(start.input).toMatchObject({
      input: {
        ...{ name: 'Bo', count: 3, size: 'M', fast: true, on: '2026-02-01', tags: ['a', 'b'] },
        ...{ address: { city: 'Bern' }, lines: [{ what: 'pen' }] },
      },
      trigger: { id: 'ask', uses: 'form', by: 'form' },
    });
    const view = sent[0]!.headers.get('location')!;
    const waiting = await api.get(view, html);
    expect(waiting.headers.get('refresh')).toBe('2');
    const { workflowId } = start;
    const run = { runId: start.input.runId, workflowId, workflow: 'twice', historyLength: 9 };
    const output = { order: '<b>7</b>', secret: null };
    await api.record(runRecord({ ...run, status: 'succeeded', endedAt: '2026-01-01T00:00:09.000Z', output }));
    const done = await api.get(view, html);
    expect(done.text).toContain('<dt>order</dt><dd>&#60;b&#62;7&#60;/b&#62;</dd>');
    expect(done.headers.get('refresh')).toBeNull();
    // The same page, filled in with something else, is not taken for the first one and dropped.
    expect((await send(path, { ...fields, '/name': 'Cy' })).status).toBe(409);
  });

  it.each([
    ['{"__proto__":{"polluted":1}}', 'is refused'],
    ['{"n":12345678901234567890}', 'cannot be held exactly'],
    [`${'['.repeat(200)}${']'.repeat(200)}`, 'nests deeper'],
    ['{"n":', 'is not JSON'],
  ])('takes JSON of strangers only as webhooks take it: %s', async (json, words) => {
    const path = await formWith(`json-${json.length}`, { schema: { type: 'object', properties: { any: {} } } });
    const { status, text } = await send(path, { '/any': json });
    expect([status, text]).toEqual([422, expect.stringContaining(words)]);
    expect((await send(path, { '/any': '{"n":1}' })).status).toBe(303);
    expect(startsOf(`json-${json.length}`)).toHaveLength(1);
  });

  it('comes again with what was filled in and an error beside each field, and starts nothing', async () => {
    const path = await formWith('wrong');
    const { status, text } = await send(path, {
      '/name': '',
      '/count': '12',
      '/size': '',
      '/address/city': 'Bern "B"',
    });
    expect(status).toBe(422);
    expect(text).toMatch(/id="f\/name"[^>]*aria-describedby="f\/name-help f\/name-error" aria-invalid="true"/);
    expect(text).toContain('<p class="error" id="f/name-error">Fill this in.</p>');
    expect(text).toContain('<p class="error" id="f/count-error">Must be &#60;= 9.</p>');
    expect(text).toContain('<p class="error" id="f/size-error">Choose one.</p>');
    expect(text).toContain('value="12"');
    expect(text).toContain('value="Bern &#34;B&#34;"');
    expect(startsOf('wrong')).toHaveLength(0);
  });

  it('adds a row to a list without sending the form', async () => {
    const path = await formWith('rows');
    const { status, text } = await send(path, {
      '+row': '/lines',
      '/lines#rows': '1',
      '/lines/0/what': 'pen',
      '/name': '',
    });
    expect(status).toBe(200);
    expect(text).toContain('name="/lines/0/what" value="pen"');
    expect(text).toContain('name="/lines/1/what"');
    expect(startsOf('rows')).toHaveLength(0);
  });

  it('keeps files in the store and gives the run references to them', async () => {
    const schema = { type: 'object', required: ['scan'], properties: { scan: { type: 'object', format: 'file' } } };
    const path = await formWith('files', { schema });
    const body = new FormData();
    body.set('/scan', new File(['hello'], '../../a.txt', { type: 'text/plain' }));
    const app = api.appOf('a');
    const sent = await app.request(path, { method: 'POST', body, headers: html });
    expect(sent.status).toBe(303);
    const { scan } = startsOf('files')[0]!.start.input.input as { scan: { sha256: string } };
    expect(scan).toEqual({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      size: 5,
      name: 'a.txt',
      contentType: 'text/plain',
    });
    const bytes = await api.store.inside((tx) => getBlob(tx, { sha256: scan.sha256 }));
    expect(Buffer.from(bytes!).toString()).toBe('hello');
    const empty = new FormData();
    empty.set('/scan', new File([], ''));
    const again = await app.request(path, { method: 'POST', body: empty, headers: html });
    expect([again.status, await again.text()]).toEqual([422, expect.stringContaining('Choose a file.')]);
  });

  it('refuses what is no form, and what another site sends', async () => {
    const path = await formWith('guarded');
    expect((await api.post(path, { a: 1 })).status).toBe(415);
    expect((await send(path, { '/name': 'x' }, { ...html, origin: 'https://evil.example' })).status).toBe(403);
    const broken = { 'content-type': 'multipart/form-data; boundary=x' };
    expect((await api.send('POST', path, 'nothing', broken)).status).toBe(400);
    const many = Object.fromEntries(Array.from({ length: 6000 }, (_, n) => [`x${n}`, '']));
    expect((await send(path, many)).status).toBe(400);
    expect(startsOf('guarded')).toHaveLength(0);
  });

  it('is not there under another address or in another workspace, and says so when it is switched off', async () => {
    const path = await formWith('off');
    expect((await api.get(`${path.slice(0, -2)}xx`, html)).status).toBe(404);
    expect((await api.appOf('b').request(path)).status).toBe(404);
    await api.store.inside((tx) => switchTrigger(tx, { workflow: 'off', id: 'ask', enabled: false }));
    for (const answer of [await api.get(path, html), await send(path, { '/name': 'x', '/size': '0' })])
      expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('takes no answers at the moment')]);
    expect(startsOf('off')).toHaveLength(0);
    expect(await api.store.inside((tx) => listTriggers(tx, { workflow: 'off' }))).toHaveLength(1);
  });
});

describe('the page of a result', () => {
  it('shows one run only, with a view that we signed', async () => {
    const path = await formWith('own');
    const other = await formWith('other');
    const view = (await send(path, { '/name': 'x', '/size': '0' })).headers.get('location')!;
    const token = view.split('/').at(-1)!;
    expect((await api.get(`${other}/results/${token}`, html)).status).toBe(404);
    expect((await api.get(view.slice(0, -4), html)).status).toBe(404);
    const forged = Buffer.from(JSON.stringify(['a', 'rother', '2999-01-01T00:00:00.000Z'])).toString('base64url');
    expect((await api.get(`${path}/results/${forged}.${token.split('.')[1]}`, html)).status).toBe(404);
  });

  it.each([
    ['shows no output', { result: 'hidden' }, 'succeeded', 'You can close this page.'],
    ['says nothing of why', {}, 'failed', 'It did not succeed'],
    ['has its own title', { thanks: 'Ordered' }, 'succeeded', '<h1>Ordered</h1>'],
  ] as const)('%s', async (_, words, status, expected) => {
    const name = `result-${status}-${Object.keys(words)[0] ?? 'plain'}`;
    const path = await formWith(name, { with: words });
    const view = (await send(path, { '/name': 'x', '/size': '0' })).headers.get('location')!;
    const { start } = startsOf(name)[0]!;
    const error =
      status === 'failed'
        ? { code: 'x', message: 'inner workings', step: 'a', node: 'a', attempts: 1, unknown: false }
        : null;
    const ended = { status, error, output: 'inner output', endedAt: '2026-01-01T00:00:09.000Z', historyLength: 9 };
    await api.record(runRecord({ runId: start.input.runId, workflowId: start.workflowId, workflow: name, ...ended }));
    const { text } = await api.get(view, html);
    expect(text).toContain(expected);
    expect(text).not.toContain('inner workings');
    if (words !== undefined && 'result' in words) expect(text).not.toContain('inner output');
  });
});

describe('a link to a form', () => {
  const linkTo = async (workflow: string, body: object = {}) => {
    const { status, body: made } = await api.post(`/api/workflows/${workflow}/triggers/ask/links`, body);
    expect(status).toBe(201);
    const url = new URL(made.url as string);
    return `${url.pathname}${url.search}`;
  };

  it('opens a form that opens with links only, starts one run, and then says that it was used', async () => {
    const path = await formWith('linked', { with: { access: 'link' } });
    expect((await api.get(path, html)).status).toBe(404);
    expect((await send(path, { '/name': 'x', '/size': '0' })).status).toBe(404);
    const link = await linkTo('linked');
    for (const _ of [1, 2]) expect((await api.get(link, html)).status).toBe(200);
    expect(startsOf('linked')).toHaveLength(0);
    const fields = { '/name': 'x', '/size': '0' };
    expect((await send(link, fields)).status).toBe(303);
    expect((await send(link, fields)).status).toBe(303);
    expect((await send(link, { ...fields, '/name': 'y' })).status).toBe(410);
    expect([(await api.get(link, html)).status, startsOf('linked').length]).toEqual([410, 1]);
    expect((await api.get(await linkTo('linked'), html)).status).toBe(200);
  });

  it('is refused when it is altered, expired, or of another form', async () => {
    const path = await formWith('mine', { with: { access: 'link' } });
    await formWith('theirs', { with: { access: 'link' } });
    const theirs = (await linkTo('theirs')).split('?')[1]!;
    expect((await api.get(`${path}?${theirs}`, html)).status).toBe(404);
    expect((await api.get(`${await linkTo('mine')}x`, html)).status).toBe(404);
    for (const expiresIn of ['0s', '1000d', 'soon'])
      expect((await api.post('/api/workflows/mine/triggers/ask/links', { expiresIn })).status).toBe(400);
    expect((await api.post('/api/workflows/mine/triggers/nope/links', {})).status).toBe(404);
  });
});
