/** Strangers send what nobody sends by mistake: each gets a clear answer, and the others do not notice. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../db/testing/tenants.ts';
import { type ApiProcess, startApiProcess } from './testing/api-process.ts';
import { bodies, framing, type HostileCase, paths, slow, type Targets } from './testing/hostile-requests.ts';
import { exchange } from './testing/raw.ts';

/** How long a healthy webhook may take to answer on a machine with other things to do. */
const HEALTHY_MS = 3_000;
/** A hundred bodies, each as large as a webhook may take, in megabytes; and what the process may hold of them. */
const UPLOADS_MB = 100 * 9;
const UPLOADS_HELD_MB = 450;
/** Memory that may be in use for a while, in megabytes: bodies of a few requests at once. */
const GROWTH_MB = 250;

const store = useDatabase();
let api: ApiProcess;
let targets: Targets;
let neighbour: string;

async function publish(name: string, trigger: object, more: object = {}): Promise<string> {
  const graph = {
    blok: 1,
    name,
    triggers: { in: trigger },
    nodes: { it: { uses: 'set', with: { value: 1 } } },
    ...more,
  };
  const call = (method: string, path: string, body?: object) =>
    fetch(`${api.url}/api/workflows/${name}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const published = await call('PUT', '', { graph });
  expect(published.status, await published.text()).toBe(201);
  const { items } = (await (await call('GET', '/triggers')).json()) as { items: { address: string }[] };
  return new URL(items[0]!.address).pathname;
}

beforeAll(async () => {
  api = await startApiProcess(store.url());
  const webhook = { uses: 'webhook', with: { verify: 'none' } };
  const input = { type: 'object', properties: { text: { type: 'string' } } };
  targets = { hook: await publish('target', webhook), form: await publish('page', { uses: 'form' }, { input }) };
  neighbour = await publish('neighbour', webhook);
}, 90_000);
afterAll(() => api?.stop());

/** Asks the healthy webhook over a connection of its own, which nobody else has closed. */
const ask = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const call = request(`${api.url}${neighbour}`, { method: 'POST', agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on('error', reject).end();
  });

/** Keeps asking a healthy webhook, and remembers the longest time it took. */
function probe() {
  const wrong: number[] = [];
  let longestMs = 0;
  let over = false;
  const beating = (async () => {
    while (!over) {
      const began = performance.now();
      const status = await ask();
      if (status !== 202) wrong.push(status);
      longestMs = Math.max(longestMs, performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return async () => {
    over = true;
    await beating;
    return { longestMs, wrong };
  };
}

async function expectRefused([name, sending, ...allowed]: HostileCase): Promise<void> {
  const { statuses, text } = await exchange(api.port, sending);
  expect(allowed, `${name}: ${text.slice(0, 300) || 'closed without an answer'}`).toContain(statuses[0] ?? 0);
  if (statuses.length === 0) return;
  expect(text, name).toMatch(/content-type: application\/problem\+json/i);
  expect(text, name).toMatch(/"detail":"[^"]{10,}/);
  expect(text, name).not.toMatch(/node_modules|\n {4}at |\.ts:\d/);
}

describe('hostile requests', () => {
  it('each get a clear answer; memory stays flat, and another webhook does not notice', async () => {
    const cases = [...framing(targets), ...paths(targets), ...bodies(targets)];
    expect(cases.length).toBeGreaterThan(50);
    const before = api.rssMb();
    const stop = probe();
    const slowOnes = Promise.all(slow(targets).map(expectRefused));
    // Awaited below; until then, a failure must not count as unhandled.
    slowOnes.catch(() => undefined);
    const wrong: string[] = [];
    for (const one of cases) await expectRefused(one).catch((error: Error) => wrong.push(error.message));
    await slowOnes.catch((error: Error) => wrong.push(error.message));
    const { longestMs, wrong: refused } = await stop();
    expect(wrong).toEqual([]);
    expect(refused).toEqual([]);
    expect(longestMs).toBeLessThan(HEALTHY_MS);
    expect(api.rssMb() - before).toBeLessThan(GROWTH_MB);
    expect(api.tail(), 'an error of ours').not.toContain('"code":"internal"');
  }, 150_000);

  it('that are a hundred large uploads at once hold little memory, and keep out no small request', async () => {
    const at = await publish('uploads', { uses: 'webhook', with: { verify: 'none', maxBytes: 10_000_000 } });
    const before = api.rssMb();
    let most = 0;
    const stop = probe();
    const half = Buffer.alloc((UPLOADS_MB * 1_000_000) / 100, ' ');
    // Each stops a little before its end, so that whatever came is held.
    const head = `POST ${at} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9999999\r\n\r\n`;
    const uploads = Array.from({ length: 100 }, () =>
      exchange(api.port, async (socket) => {
        socket.write(head);
        socket.write(half);
        await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
      }),
    );
    const first = Promise.race(uploads);
    let isOver = false;
    void first.then(() => {
      isOver = true;
    });
    while (!isOver) {
      most = Math.max(most, api.rssMb() - before);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const { statuses, text } = await first;
    expect(statuses).toEqual([503]);
    expect(text).toMatch(/retry-after: \d/i);
    const { longestMs, wrong } = await stop();
    expect(wrong).toEqual([]);
    expect(longestMs).toBeLessThan(HEALTHY_MS);
    expect(most).toBeLessThan(UPLOADS_HELD_MB);
    await Promise.all(uploads);
  }, 120_000);

  it('that are harmless are taken: nothing is lost of them', async () => {
    const send = (body: string, headers = '') =>
      exchange(
        api.port,
        `POST ${targets.hook} HTTP/1.1\r\nhost: localhost\r\n${headers}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    expect((await send('{"a":1,"a":2}')).statuses).toEqual([202]);
    expect((await send('{"a":1e400,"b":"\\ud800","constructor":"Ferrari"}')).statuses).toEqual([202]);
    expect((await send('{}', 'expect: 100-continue\r\n')).statuses).toEqual([202]);
    expect((await send('{}', 'connection: upgrade\r\nupgrade: websocket\r\n')).statuses).toEqual([202]);
    const h2c = 'connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n';
    expect((await send('{}', h2c)).statuses).toEqual([202]);
    const old = `POST ${targets.hook} HTTP/1.0\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n`;
    expect((await exchange(api.port, old)).statuses).toEqual([202]);
  });

  it('that are odd, large and slow to read are taken, and another webhook does not notice', async () => {
    const stop = probe();
    const dedupe = '${{ trigger.body.id }}';
    const picky = await publish('picky', { uses: 'webhook', with: { verify: 'none', dedupe } });
    // Reads what came, and starts nothing: a run of so much input belongs to Temporal, which is not here.
    const wide = await publish('wide', { uses: 'webhook', with: { verify: 'none' }, if: '${{ trigger.body.wanted }}' });
    const head = (at: string, header: string) =>
      `POST ${at} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${header}\r\n\r\n`;
    const send = async (body: string, at = targets.hook) =>
      (await exchange(api.port, `${head(at, `content-length: ${body.length}`)}${body}`)).statuses;
    for (const id of ['"\\u0000"', '"\\ud800"', '[["\\u0000"]]', '{"":null}', 'false'])
      expect(await send(`{"id":${id}}`, picky), id.slice(0, 20)).toEqual([202]);
    for (const body of [
      `{"n":${'1'.repeat(900_000)}}`,
      `{"n":[${'1e5,'.repeat(200_000)}1]}`,
      `{"lists":[${'[],'.repeat(300_000)}[]]}`,
      `{${Array.from({ length: 60_000 }, (_, n) => `"k${n}":0`).join(',')}}`,
    ])
      expect(await send(body, wide), body.slice(0, 20)).toEqual([202]);
    const crumbs = `${'1\r\n \r\n'.repeat(200_000)}2\r\n{}\r\n0\r\n\r\n`;
    const { statuses } = await exchange(api.port, head(targets.hook, 'transfer-encoding: chunked') + crumbs);
    expect(statuses).toEqual([202]);
    const { longestMs, wrong } = await stop();
    expect(wrong).toEqual([]);
    expect(longestMs).toBeLessThan(HEALTHY_MS);
  }, 60_000);

  it('that come a thousand at once over one connection are all answered, in their order', async () => {
    const one = (at: string) => `POST ${at} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n`;
    const { statuses } = await exchange(api.port, one(targets.hook).repeat(1_000), { answers: 1_000 });
    expect(statuses).toHaveLength(1_000);
    expect(statuses.filter((status) => ![202, 429, 503].includes(status))).toEqual([]);
    expect(statuses).toContain(202);
  }, 60_000);
});
