import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../db/testing/tenants.ts';
import { createLog } from '../telemetry/log.ts';
import { startApi } from './serve.ts';
import { KEYRING } from './testing/api.ts';

const store = useDatabase();
const config = () => ({
  databaseUrl: store.url(),
  keyring: KEYRING,
  // Nobody listens there: the API must work as far as it can without Temporal.
  temporal: { address: '127.0.0.1:1', namespace: 'default' },
  port: 0,
  log: createLog({ level: 'silent' }),
});
let api: Awaited<ReturnType<typeof startApi>>;
beforeAll(async () => {
  api = await startApi(config());
});
afterAll(() => api.close());

/** A request whose Host header is chosen, as `fetch` does not allow. */
const ask = (path: string, host: string, url = api.url): Promise<number> =>
  new Promise((resolve, reject) => {
    const call = request(new URL(path, url), { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end();
  });

/** Sends bytes that may not be a request, and returns the answer. */
const send = async (bytes: string): Promise<string> => {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1').setEncoding('utf8');
  socket.end(bytes);
  return (await socket.toArray()).join('');
};

describe('startApi', () => {
  it('serves HTTP on the loopback address, to its own names only', async () => {
    expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { port } = new URL(api.url);
    expect(await ask('/api/health/live', `127.0.0.1:${port}`)).toBe(200);
    expect(await ask('/api/health/live', `LOCALHOST:${port}`)).toBe(200);
    expect(await ask('/api/health/live', `rebound.evil.example:${port}`)).toBe(403);
  });

  it('answers to its own names only when it listens everywhere, as in a container', async () => {
    const everywhere = await startApi({ ...config(), host: '0.0.0.0', publicUrl: 'http://localhost:8080' });
    const { port } = new URL(everywhere.url);
    try {
      expect(await ask('/api/runs', `evil.example:${port}`, everywhere.url)).toBe(403);
      expect(await ask('/api/runs', `10.0.0.7:${port}`, everywhere.url)).toBe(403);
      expect(await ask('/api/health/live', `10.0.0.7:${port}`, everywhere.url)).toBe(200);
      for (const own of [`127.0.0.1:${port}`, 'localhost:8080', '[::1]:8080'])
        expect(await ask('/api/runs', own, everywhere.url), own).toBe(200);
    } finally {
      await everywhere.close();
    }
  });

  it('is not ready without Temporal, and still serves what needs Postgres only', async () => {
    const ready = await fetch(`${api.url}/api/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ temporal: 'down', postgres: 'ok' });
    expect(await (await fetch(`${api.url}/api/runs`)).json()).toEqual({ items: [], next: null, previous: null });
    const types = (await (await fetch(`${api.url}/api/node-types`)).json()) as { items: { type: string }[] };
    expect(types.items.map((item) => item.type)).toContain('http.request');
    expect(((await (await fetch(`${api.url}/api/openapi.json`)).json()) as { openapi: string }).openapi).toBe('3.1.0');
  });

  it('answers 413 to a body that is too large, without reading it whole', async () => {
    const answer = await fetch(`${api.url}/api/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"name":"x","data":"${'x'.repeat(11 * 1024 * 1024)}"}`,
    });
    expect(answer.status).toBe(413);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each([
    ['an unknown method', 'FOO /api/runs HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'request.invalid'],
    ['endless headers', `GET /api/runs HTTP/1.1\r\nhost: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'header.tooLarge'],
    ['no HTTP', '\u0016\u0003\u0001\r\n\r\n', 400, 'request.invalid'],
    ['an invalid address', 'GET * HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'request.invalid'],
  ])('answers %s with a problem', async (_, bytes, status, code) => {
    const answer = await send(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*content-type: application/problem\\+json`, 'i'));
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ status, code, detail: expect.any(String) });
  });

  it('refuses what is beyond the rate of a webhook before the app sees it, and says the same', async () => {
    const limited = await startApi({ ...config(), hookRate: 1 });
    const { port } = new URL(limited.url);
    try {
      // No webhook is there, but whoever asks for one again and again is slowed down all the same.
      const at = `/hooks/${'x'.repeat(43)}`;
      const early = [];
      for (let n = 0; n < 3; n++)
        early.push(await fetch(limited.url + at, { method: 'POST', body: 'x'.repeat(100_000) }));
      expect(early.map(({ status }) => status)).toEqual([404, 404, 429]);
      // The app itself refuses an address that is written in another way.
      const late = await fetch(limited.url + at.replace('/hooks/x', '/hooks/%78'), { method: 'POST' });
      expect(late.status).toBe(429);
      const said = async (answer: Response) => {
        const { instance: _, ...body } = (await answer.json()) as { instance: string };
        const names = [...answer.headers.keys()].filter((name) => !['connection', 'keep-alive'].includes(name));
        return { body, names, type: answer.headers.get('content-type'), after: answer.headers.get('retry-after') };
      };
      expect(await said(early[2]!)).toEqual(await said(late));
      expect((await fetch(`http://127.0.0.1:${port}/api/health/live`)).status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  it('says which port is in use, and leaves nothing open', async () => {
    const port = Number(new URL(api.url).port);
    await expect(startApi({ ...config(), port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use`);
  });

  it('closes at once, and can be started again', async () => {
    const second = await startApi(config());
    expect((await fetch(`${second.url}/api/health/live`)).status).toBe(200);
    await second.close();
    await expect(fetch(`${second.url}/api/health/live`)).rejects.toThrow();
  });
});
