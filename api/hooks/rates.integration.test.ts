/** Floods and guesses at the addresses that strangers may call. */
import { describe, expect, it } from 'vitest';
import { recentCounts } from '../../db/index.ts';
import { useApi } from '../testing/api.ts';
import { publishHook, sign } from './testing/hook.ts';

const RATE = 5;
const api = useApi({ hookRate: RATE });
const open = useApi();

const statuses = async (count: number, send: () => Promise<{ status: number }>): Promise<number[]> => {
  const answers: number[] = [];
  for (let n = 0; n < count; n++) answers.push((await send()).status);
  return answers;
};
const json = { 'content-type': 'application/json' };

/** Sends a body, and says whether anything of it was read. */
async function sendUnread(
  at: string,
  headers: object = {},
  from?: string,
  to = open,
): Promise<[status: number, isRead: boolean]> {
  let isRead = false;
  const pull = (controller: ReadableStreamDefaultController) => {
    isRead = true;
    controller.close();
  };
  const body = new ReadableStream({ pull }, { highWaterMark: 0 });
  const init = { method: 'POST', body, headers: { ...json, ...headers }, duplex: 'half' } as RequestInit;
  return [(await to.raw(at, init, from)).status, isRead];
}

describe('the rate of a webhook', () => {
  it('refuses what is too much with 429 and a time, at this address only', async () => {
    const [flooded, other] = [
      await publishHook(api, 'flooded', { with: { verify: 'none' } }),
      await publishHook(api, 'other', { with: { verify: 'none' } }),
    ];
    const answers = await Promise.all(Array.from({ length: 50 }, () => api.post(flooded, {})));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 202).length).toBe(50 - refused.length);
    expect(refused.length).toBeGreaterThanOrEqual(50 - 2 * RATE - 5);
    expect(refused[0]).toMatchObject({ body: { code: 'hook.tooMany', status: 429 } });
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await api.post(other, {})).status).toBe(202);
  });

  it('counts what it refuses, with one write for a whole flood, and counts nothing at addresses that are nobody’s', async () => {
    const at = await publishHook(api, 'counted', { with: { verify: 'none' } });
    await api.ctx().tally.flush();
    const answers = await Promise.all(Array.from({ length: 60 }, () => api.post(at, {})));
    const refused = answers.filter(({ status }) => status === 429).length;
    await Promise.all(Array.from({ length: 60 }, () => api.post(`/hooks/${'x'.repeat(32)}`, {})));
    await api.ctx().tally.flush();
    const counts = await api.store.inside((tx) => recentCounts(tx, { workflow: 'counted' }));
    expect(Object.fromEntries(counts.map(({ outcome, count }) => [outcome, count]))).toEqual({
      seen: 60,
      refused,
      started: 60 - refused,
    });
  });

  it('refuses before it reads anything of the body', async () => {
    const at = await publishHook(api, 'unread', { with: { verify: 'none' } });
    let refused = false;
    // On a slow machine, the webhook may have room again when the request comes.
    while (!refused) {
      const flood = Promise.all(Array.from({ length: 4 * RATE }, () => api.post(at, {})));
      const [status, isRead] = await sendUnread(at, {}, undefined, api);
      refused = status === 429;
      expect(isRead).toBe(!refused);
      await flood;
    }
  });
});

it('a webhook receives a hundred requests at a time, and those beyond are no failures of the server', async () => {
  const at = await publishHook(open, 'busy', { with: { verify: 'none' } });
  const answers = await Promise.all(Array.from({ length: 130 }, () => open.raw(at, { method: 'HEAD' })));
  const busy = answers.filter(({ status }) => status === 503);
  expect(busy.length).toBeGreaterThan(0);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
  expect(open.logged.filter((line) => line.includes('request failed'))).toEqual([]);
});

describe('secrets that are sent themselves', () => {
  it('cannot be tried for long, and a flood of wrong ones keeps no other sender out', async () => {
    const secret = 'the right one';
    await open.put('/api/connections/door', { type: 'webhook-secret', data: { secret: `me:${secret}` } });
    const at = await publishHook(open, 'door', { with: { verify: 'basic' }, connection: 'door' });
    const send = (password: string, from: string) =>
      open.raw(
        at,
        { method: 'POST', body: '{}', headers: { ...json, authorization: `Basic ${btoa(`me:${password}`)}` } },
        from,
      );
    const wrong = await statuses(130, () => send('wrong', '198.51.100.1'));
    expect(wrong.slice(0, 100)).toEqual(Array(100).fill(401));
    expect(wrong.filter((status) => status === 429).length).toBeGreaterThan(20);
    const right = await send(secret, '198.51.100.1');
    expect([right.status, Number(right.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await send(secret, '198.51.100.2')).status).toBe(202);
  });

  it('cannot be tried more often by trying many at the same time, and the right one does not show then', async () => {
    await open.put('/api/connections/crowd', { type: 'webhook-secret', data: { secret: 'right' } });
    const at = await publishHook(open, 'crowd', { with: { verify: 'bearer' }, connection: 'crowd' });
    const send = async (secret: string) => {
      const headers = { ...json, authorization: `Bearer ${secret}` };
      return (await open.raw(at, { method: 'POST', body: '{}', headers }, '198.51.100.9')).status;
    };
    const all: number[] = [];
    for (let round = 0; round < 3; round++)
      all.push(...(await Promise.all(Array.from({ length: 60 }, () => send('wrong')))));
    expect(all.filter((status) => status === 401).length).toBeLessThan(120);
    expect(all.filter((status) => status === 429).length).toBeGreaterThan(50);
    expect(new Set(await Promise.all(['wrong', 'right', 'wrong'].map(send)))).not.toContain(202);
  });

  it('are looked at before anything of the body is read', async () => {
    await open.put('/api/connections/early', { type: 'webhook-secret', data: { secret: 'right' } });
    const at = await publishHook(open, 'early', { with: { verify: 'bearer' }, connection: 'early' });
    expect(await sendUnread(at)).toEqual([401, false]);
    expect(await sendUnread(at, { authorization: 'Bearer wrong' })).toEqual([401, false]);
    expect(await sendUnread(at, { authorization: 'Bearer right' })).toEqual([202, true]);
  });

  it('are slowed behind a proxy that nobody listed, and one sender there keeps out no other', async () => {
    await open.put('/api/connections/inner', { type: 'webhook-secret', data: { secret: 'right' } });
    const at = await publishHook(open, 'inner', { with: { verify: 'bearer' }, connection: 'inner' });
    const send = (secret: string, said: string) => {
      const headers = { ...json, authorization: `Bearer ${secret}`, 'x-forwarded-for': said };
      return open.raw(at, { method: 'POST', body: '{}', headers }, '10.0.0.5');
    };
    const wrong = await statuses(130, () => send('wrong', '203.0.113.1'));
    expect(wrong.filter((status) => status === 429).length).toBeGreaterThan(0);
    const right = await Promise.all(['203.0.113.1', '203.0.113.2'].map((said) => send('right', said)));
    expect(right.map(({ status }) => status)).toEqual([429, 202]);
  });

  it('are not what a signature is: wrong ones never keep the right one out, not even from the same address', async () => {
    await open.put('/api/connections/key', { type: 'webhook-secret', data: { secret: 'key' } });
    const at = await publishHook(open, 'signed', { with: { verify: 'github' }, connection: 'key' });
    const send = (signature: string) =>
      open.raw(
        at,
        { method: 'POST', body: '{}', headers: { ...json, 'x-hub-signature-256': `sha256=${signature}` } },
        '198.51.100.1',
      );
    expect(new Set(await statuses(150, () => send('0'.repeat(64))))).toEqual(new Set([401]));
    expect((await send(sign('key', '{}'))).status).toBe(202);
  });
});

describe('addresses of forms and links', () => {
  it.each(['/forms/', '/api/resume/'])('cannot be tried for long: %s', async (path) => {
    const from = `198.51.100.${path.length}`;
    const guess = () => open.raw(`${path}${'x'.repeat(43)}`, { headers: { accept: 'text/html' } }, from);
    const answers = await statuses(110, guess);
    expect(answers.slice(0, 100)).toEqual(Array(100).fill(404));
    expect(answers.slice(-5)).toContain(429);
    const refused = await guess();
    expect(refused.headers.get('content-type')).toContain('text/html');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await open.raw(`${path}x`, {}, '198.51.100.200')).status).toBe(404);
  });

  it.each(['/forms/', '/api/resume/'])('are looked at before anything of a body is read: %s', async (path) => {
    const from = `198.51.101.${path.length}`;
    const guess = () => sendUnread(`${path}${'x'.repeat(43)}`, {}, from);
    expect(await guess()).toEqual([404, false]);
    for (let n = 0; n < 110; n++) await guess();
    expect(await guess()).toEqual([429, false]);
  });
});
