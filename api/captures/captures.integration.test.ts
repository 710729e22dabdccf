import { describe, expect, it, vi } from 'vitest';
import { captured } from '../../db/index.ts';
import { createApp } from '../app.ts';
import { createContext } from '../context.ts';
import { publishHook, sign } from '../hooks/testing/hook.ts';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();
const SECRET = 'shared-secret';

const path = (name: string) => `/api/workflows/${name}/triggers/in/capture`;
const inside = (statement: string) => api.store.inside((tx) => tx.db.execute(statement));

describe('a capture', () => {
  it('holds the next calls with headers and body, which start their runs as ever', async () => {
    const at = await publishHook(api, 'also', { with: { verify: 'none' } });
    expect((await api.get(path('also'))).body).toMatchObject({ status: 404, code: 'capture.notFound' });
    const opened = await api.post(`${path('also')}?next=2`);
    expect(opened).toMatchObject({ status: 201, body: { open: true, next: 2, instead: false, calls: [] } });
    expect(opened.body.address).toBe(`http://blok.test${at}`);
    const left = Date.parse(opened.body.expiresAt) - Date.now();
    expect(left).toBeGreaterThan(9 * 60_000);
    expect(left).toBeLessThanOrEqual(10 * 60_000);
    const first = await api.post(`${at}/a?x=1`, { n: 1 }, { 'x-own': 'yes', authorization: 'Bearer s', cookie: 'c=s' });
    expect(first).toMatchObject({ status: 202, body: { run: { id: expect.any(String) } } });
    for (const n of [2, 3]) expect((await api.post(at, { n })).status).toBe(202);
    expect(api.runs().all.size).toBe(3);
    const { body, text } = await api.get(path('also'));
    expect(body).toMatchObject({ open: false, next: 2, calls: [{ seq: 1 }, { seq: 2, body: { n: 2 } }] });
    expect(body.calls[0]).toMatchObject({
      ...{ verified: true, problem: null, method: 'POST', path: '/a', query: { x: '1' }, body: { n: 1 } },
      headers: { 'x-own': 'yes', authorization: '[redacted]', cookie: '[redacted]' },
    });
    expect(text).not.toContain('Bearer s');
  });

  it('holds calls instead of starting runs if it is told to; further calls start runs again', async () => {
    const at = await publishHook(api, 'only', { with: { verify: 'none', reply: 'sync' } });
    await api.post(`${path('only')}?next=1&instead=true`);
    expect(await api.post(at, { n: 1 })).toMatchObject({ status: 202, body: { run: null, captured: true } });
    expect(api.runs().all.size).toBe(0);
    await api.put('/api/workflows/only', {
      graph: graphOf('only', { triggers: { in: { uses: 'webhook', with: { verify: 'none' } } } }),
    });
    expect((await api.post(at, { n: 2 })).body.run.id).toEqual(expect.any(String));
  });

  it('makes an example input or a pin of a call', async () => {
    const at = await publishHook(api, 'used', { with: { verify: 'none' } });
    await api.post(path('used'));
    await api.post(`${at}/p`, { id: 7 });
    expect(await api.get(`${path('used')}/1`)).toMatchObject({
      status: 200,
      body: { trigger: 'in', as: 'input', value: { id: 7 } },
    });
    const pin = await api.get(`${path('used')}/1?as=pin`);
    expect(pin.body.value).toMatchObject({ method: 'POST', path: '/p', body: { id: 7 }, headers: {}, params: {} });
    expect((await api.get(`${path('used')}/2`)).body).toMatchObject({ code: 'capture.notFound' });
    expect((await api.get(`${path('used')}/1?as=x`)).status).toBe(400);
  });

  it('holds and marks a call that is not verified or cannot be read, which starts nothing', async () => {
    await api.put('/api/connections/proof', { type: 'webhook-secret', data: { secret: SECRET } });
    const hmac = { header: 'x-proof', algorithm: 'sha256', encoding: 'hex', signed: '{body}' };
    const at = await publishHook(api, 'proven', { with: { verify: 'hmac', hmac }, connection: 'proof' });
    await api.post(`${path('proven')}?next=3&instead=true`);
    const forged = await api.post(at, { n: 1 }, { 'x-proof': sign('other', '{"n":1}') });
    expect(forged).toMatchObject({ status: 401, body: { code: 'hook.refused' } });
    expect((await api.post(at, '{"n":', { 'x-proof': sign(SECRET, '{"n":') })).status).toBe(400);
    expect((await api.post(at, { n: 2 }, { 'x-proof': sign(SECRET, '{"n":2}') })).body).toEqual({
      run: null,
      captured: true,
    });
    const { body } = await api.get(path('proven'));
    expect(body.calls).toMatchObject([
      { verified: false, problem: expect.stringContaining('cannot be shown'), body: { n: 1 } },
      { verified: true, problem: expect.stringContaining('not JSON'), body: null },
      { verified: true, problem: null, headers: { 'x-proof': '[redacted]' }, body: { n: 2 } },
    ]);
    expect(api.runs().all.size).toBe(0);
  });

  it('keeps its places for calls that are taken, however many are refused before', async () => {
    await api.put('/api/connections/guard', { type: 'webhook-secret', data: { secret: SECRET } });
    const at = await publishHook(api, 'crowded', { with: { verify: 'bearer' }, connection: 'guard' });
    const send = (secret: string, n: number) => api.post(at, { n }, { authorization: `Bearer ${secret}` });
    await api.post(`${path('crowded')}?next=2&instead=true`);
    for (let n = 0; n < 9; n++) expect((await send('wrong', n)).status).toBe(401);
    expect((await api.get(path('crowded'))).body).toMatchObject({ open: true, next: 2, calls: [{}, {}] });
    for (const n of [10, 11]) expect((await send(SECRET, n)).body).toEqual({ run: null, captured: true });
    const { body } = await api.get(path('crowded'));
    expect(body).toMatchObject({ open: false, next: 2 });
    expect(body.calls).toMatchObject([
      { seq: 21, verified: false, body: { n: 0 } },
      { seq: 22, verified: false, body: { n: 1 } },
      { seq: 1, verified: true, body: { n: 10 } },
      { seq: 2, verified: true, body: { n: 11 } },
    ]);
    expect((await api.get(`${path('crowded')}/22`)).body.value).toEqual({ n: 1 });
    expect((await send(SECRET, 12)).body.run.id).toEqual(expect.any(String));
  });

  it('says of no call that it was verified before that was checked', async () => {
    await api.put('/api/connections/failing', { type: 'webhook-secret', data: { secret: SECRET } });
    const at = await publishHook(api, 'failing', { with: { verify: 'bearer' }, connection: 'failing' });
    await api.post(path('failing'));
    vi.spyOn(api.ctx().guesses, 'wrong').mockRejectedValue(new Error('away'));
    expect((await api.post(at, {}, { authorization: 'Bearer wrong' })).status).toBe(500);
    expect((await api.get(path('failing'))).body.calls).toMatchObject([{ verified: false }]);
  });

  it('keeps no file of a call that is not verified', async () => {
    const at = await publishHook(api, 'unproven', { with: { verify: 'bearer' }, connection: 'proof' });
    await api.post(path('unproven'));
    const bytes = Buffer.from([0, 255, 1, 2]);
    const sent = await api.raw(at, { method: 'POST', body: bytes, headers: { 'content-type': 'image/png' } });
    expect(sent.status).toBe(401);
    const [call] = (await api.get(path('unproven'))).body.calls;
    expect(call.body).toMatchObject({ size: 4, contentType: 'image/png' });
    const stored = await inside(`select from blob where sha256 = '${call.body.sha256}'`);
    expect(stored.rows).toEqual([]);
  });

  it('holds calls of a webhook that is switched off, which is not found otherwise', async () => {
    const at = await publishHook(api, 'asleep', { with: { verify: 'none' } });
    await api.put('/api/workflows/asleep/active', { active: false });
    expect((await api.post(at, {})).status).toBe(404);
    await api.post(path('asleep'));
    expect((await api.post(at, { n: 1 })).body).toEqual({ run: null, captured: true });
    expect((await api.post(at, {})).status).toBe(404);
    expect(api.runs().all.size).toBe(0);
  });

  it('ends when its time is over, and when somebody ends it', async () => {
    const at = await publishHook(api, 'over', { with: { verify: 'none' } });
    await api.post(`${path('over')}?instead=true`);
    await inside(`update capture set expires_at = now() where workflow = 'over'`);
    expect((await api.post(at, {})).body.run.id).toEqual(expect.any(String));
    expect((await api.get(path('over'))).body).toMatchObject({ open: false, instead: null, calls: [] });
    await inside(`update capture set expires_at = now() - interval '61 minutes' where workflow = 'over'`);
    expect((await api.get(path('over'))).status).toBe(404);
    await api.post(`${path('over')}?instead=true`);
    expect((await api.send('DELETE', path('over'))).body).toEqual({ deleted: true });
    expect((await api.send('DELETE', path('over'))).status).toBe(404);
    expect((await api.post(at, {})).body.run.id).toEqual(expect.any(String));
  });

  it('holds exactly as many of the calls that come at once at two processes', async () => {
    const at = await publishHook(api, 'rush', { with: { verify: 'none' } });
    const other = createContext(api.ctx());
    const apps = [api.app(), createApp(other, other)];
    await api.post(`${path('rush')}?next=5&instead=true`);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const response = await apps[n % 2]!.request(at, {
          method: 'POST',
          body: `{"n":${n}}`,
          headers: { 'content-type': 'application/json' },
        });
        return (await response.json()) as { run: object | null };
      }),
    );
    expect(answers.filter(({ run }) => run === null)).toHaveLength(5);
    expect(api.runs().all.size).toBe(15);
    const rows = await api.store.inside((tx) => captured(tx, { workflow: 'rush', trigger: 'in' }));
    expect(rows.filter((row) => row.at !== null)).toHaveLength(5);
  });

  it('leaves out a body that is too large to be held', async () => {
    const at = await publishHook(api, 'large', { with: { verify: 'none', maxBytes: 4_000_000 } });
    await api.post(path('large'));
    expect((await api.post(at, JSON.stringify({ text: 'x'.repeat(2_000_000) }))).status).toBe(202);
    expect((await api.get(path('large'))).body.calls).toMatchObject([{ body: null, leftOutBytes: 2_000_011 }]);
    expect((await api.get(`${path('large')}/1`)).status).toBe(409);
  });

  it('is for webhooks that exist, and takes 1 to 20 calls', async () => {
    const event = { triggers: { in: { uses: 'event', with: { event: 'e' } } } };
    await api.put('/api/workflows/other', { graph: graphOf('other', event) });
    expect((await api.post(path('other'))).body).toMatchObject({ status: 409, code: 'trigger.unsuited' });
    expect((await api.post(path('absent'))).body).toMatchObject({ status: 404, code: 'trigger.notFound' });
    for (const next of ['0', '21', '-1', 'x', '1.5'])
      expect((await api.post(`${path('other')}?next=${next}`)).status, next).toBe(400);
  });
});
