import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dropAnswer, hang } from '../testing/fake-provider/faults.ts';
import { type FakeProvider, fakeProvider } from '../testing/fake-provider/provider.ts';
import { failure } from '../testing/run-node.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { createNetwork } from './network.ts';

const network = createNetwork({ allow: ['127.0.0.1'] });
const never = new AbortController().signal;
const fetch = guardedFetch(network, never);
const redirect = (status: number, location: string) => ({ status, headers: { location } });

let one: FakeProvider<object>;
let other: FakeProvider<object>;
beforeAll(async () => {
  const options = { state: () => ({}), routes: { '* /*': () => ({ body: { ok: true } }) } };
  other = await fakeProvider(options);
  one = await fakeProvider({
    state: () => ({}),
    routes: {
      'GET /here/:status': ({ params }) => redirect(Number(params.status), '/end'),
      'POST /here/:status': ({ params }) => redirect(Number(params.status), '/end'),
      '* /away/:status': ({ params }) => redirect(Number(params.status), `${other.base}/end`),
      '* /round': () => redirect(302, '/round'),
      '* /long': () => ({ body: '{"ids":[7615917337495251231,42]}' }),
      '* /odd': () => redirect(302, 'ftp://127.0.0.1/'),
      '* /*': ({ body }) => ({ body: { got: body } }),
    },
  });
});
beforeEach(() => {
  one.reset();
  other.reset();
});
afterAll(() => Promise.all([one.close(), other.close(), network.close()]));

describe('the guarded fetch', () => {
  it('takes whatever the global fetch takes', async () => {
    const body = JSON.stringify({ a: 1 });
    const headers = { 'content-type': 'application/json' };
    const asked = [
      fetch(`${one.base}/x`, { method: 'POST', body, headers }),
      fetch(new URL(`${one.base}/x`), { method: 'POST', body: new TextEncoder().encode(body), headers }),
      fetch(new Request(`${one.base}/x`, { method: 'POST', body, headers })),
      fetch(`${one.base}/x`, { method: 'POST', body: new Blob([body]).stream(), headers, duplex: 'half' }),
    ];
    for (const answer of await Promise.all(asked)) expect(await answer.json()).toEqual({ got: { a: 1 } });
    expect(await (await fetch(`${one.base}/long`)).json()).toEqual({ ids: ['7615917337495251231', 42] });
    const form = new FormData();
    form.set('file', new Blob(['bytes']), 'a.txt');
    await fetch(`${one.base}/form`, { method: 'POST', body: form });
    expect(one.requests.at(-1)?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  });

  it('refuses what the guard refuses, and says so itself', async () => {
    const strict = guardedFetch(createNetwork({ allow: [] }), never);
    expect(await failure(strict(`${one.base}/x`))).toMatchObject({ code: 'network.forbidden' });
    expect(one.requests).toEqual([]);
  });

  it('ends with its step, and with its caller', async () => {
    one.always('* /*', hang);
    for (const who of ['step', 'caller']) {
      const [step, caller] = [new AbortController(), new AbortController()];
      const asking = guardedFetch(network, step.signal)(`${one.base}/x`, { signal: caller.signal });
      (who === 'step' ? step : caller).abort(new Error(`the ${who} has ended`));
      await expect(asking).rejects.toThrow(`the ${who} has ended`);
    }
  });

  it('reads no answer as a whole that holds more values than can be worked with, whatever it says that it is', async () => {
    let body = '';
    one.always('* /*', ({ send }) => send({ body, headers: { 'content-type': 'text/plain' } }));
    for (const before of ['', ' '.repeat(200), '\ufeff']) {
      body = `${before}[${'{},'.repeat(460_000)}{}]`;
      const answer = () => fetch(`${one.base}/x`);
      for (const how of ['text', 'json'] as const)
        expect(await failure((await answer())[how]())).toMatchObject({ code: 'network.tooLarge', unknown: true });
      // Who reads bytes parses them elsewhere, if at all.
      const read = await answer();
      vi.stubGlobal('Response', class {});
      expect((await read.bytes()).byteLength).toBe(Buffer.byteLength(body));
      vi.unstubAllGlobals();
    }
  });

  it('reads no answer as a whole that never ends, and lets who wants it read the stream', async () => {
    const piece = 'x'.repeat(1_048_576);
    one.always('* /*', ({ stream }) =>
      stream(
        {},
        (async function* () {
          while (true) yield piece;
        })(),
      ),
    );
    for (const read of ['text', 'json'] as const) {
      const answer = await fetch(`${one.base}/x`);
      expect(await failure(answer[read]())).toMatchObject({ code: 'network.tooLarge', unknown: true });
      await expect(answer[read]()).rejects.toThrow('already been read');
    }
    // As the server of the API does.
    const { Response: usual } = globalThis;
    const Other = class extends usual {};
    const clone = () => {
      throw new Error('not one of these');
    };
    Object.defineProperty(Other.prototype, 'clone', { value: clone });
    vi.stubGlobal('Response', Other);
    expect((await failure((await fetch(`${one.base}/x`)).clone().text())).code).toBe('network.tooLarge');
    vi.unstubAllGlobals();
    let size = 0;
    for await (const part of (await fetch(`${one.base}/x`)).body!) {
      size += part.byteLength;
      if (size > 80_000_000) break;
    }
    expect(size).toBeGreaterThan(80_000_000);
  }, 120_000);

  it('throws a TypeError if the connection breaks, as libraries expect', async () => {
    one.always('* /*', dropAnswer);
    await expect(fetch(`${one.base}/x`)).rejects.toThrow(TypeError);
  });
});

describe('a redirect', () => {
  const secret = { authorization: 'Bearer s', 'x-api-key': 's', cookie: 's', 'notion-version': '1', accept: 'a/b' };

  it('keeps every header within the origin', async () => {
    expect(await (await fetch(`${one.base}/here/302`, { headers: secret })).json()).toEqual({ got: null });
    expect(one.requests.at(-1)).toMatchObject({ path: '/end', headers: secret });
  });

  it('leaves behind what may be a credential when the origin changes', async () => {
    await fetch(`${one.base}/away/307`, { headers: secret });
    expect(other.requests[0]?.headers).toMatchObject({ accept: 'a/b' });
    for (const name of ['authorization', 'x-api-key', 'cookie', 'notion-version']) {
      expect(other.requests[0]?.headers[name]).toBeUndefined();
    }
  });

  it.each([
    [303, 'GET', null],
    [302, 'GET', null],
    [307, 'POST', { a: 1 }],
    [308, 'POST', { a: 1 }],
  ])('with %i is followed by %s', async (status, method, body) => {
    const headers = { 'content-type': 'application/json' };
    await fetch(`${one.base}/here/${status}`, { method: 'POST', body: '{"a":1}', headers });
    expect(one.requests.at(-1)).toMatchObject({ method, path: '/end', body });
  });

  it('is checked by the guard again', async () => {
    const only = createNetwork({ allow: [new URL(one.base).host] });
    expect(await failure(guardedFetch(only, never)(`${one.base}/away/302`))).toMatchObject({
      code: 'network.forbidden',
    });
    expect(other.requests).toEqual([]);
  });

  it('is not followed in circles, out of HTTP, with a stream, or against the will of the caller', async () => {
    expect(await failure(fetch(`${one.base}/round`))).toMatchObject({ code: 'network.redirect', unknown: true });
    expect(one.requests).toHaveLength(6);
    expect((await failure(fetch(`${one.base}/odd`))).message).toContain('no http or https address');
    const body = new Blob(['x']).stream();
    const streamed = fetch(`${one.base}/here/307`, { method: 'POST', body, duplex: 'half' });
    expect((await failure(streamed)).message).toContain('cannot be sent twice');
    expect((await fetch(`${one.base}/here/302`, { redirect: 'manual' })).status).toBe(302);
    expect((await failure(fetch(`${one.base}/here/302`, { redirect: 'error' }))).code).toBe('network.redirect');
  });
});
