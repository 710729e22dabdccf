import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlayground, startMailSink } from './index.ts';
import { openLedger } from './ledger.ts';
import { MAX_BODY_BYTES, MAX_MAIL_BYTES, MAX_RECORD_BYTES, MAX_TEXT } from './limits.ts';
import { openRecorder } from './recorder.ts';
import { servePlayground } from './serve.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'playground-'));
  file = join(folder, 'deep', 'log.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type App = ReturnType<typeof createPlayground>['app'];
const call = async (app: App, method: string, path: string, body?: unknown, key?: string) => {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (key !== undefined) headers['idempotency-key'] = key;
  const response = await app.request(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  return { status: response.status, body: JSON.parse(await response.text()) };
};

describe('effects', () => {
  it('happens once per key, however often it is requested', async () => {
    const { app } = createPlayground({ file: null });
    expect(await call(app, 'POST', '/effects/charge', { amount: 5 }, 'k1')).toEqual({
      status: 201,
      body: { name: 'charge', key: 'k1', replayed: false, data: { amount: 5 } },
    });
    expect((await call(app, 'POST', '/effects/charge', { amount: 9 }, 'k1')).body).toEqual({
      name: 'charge',
      key: 'k1',
      replayed: true,
      data: { amount: 5 },
    });
    const { items } = (await call(app, 'GET', '/effects?contains=k1')).body;
    expect(items).toMatchObject([{ name: 'charge', key: 'k1', calls: 2, applied: 1 }]);
  });

  it('counts each call without a key', async () => {
    const { app } = createPlayground({ file: null });
    await call(app, 'POST', '/effects/ping', 1);
    await call(app, 'POST', '/effects/ping', 2);
    expect((await call(app, 'GET', '/effects')).body.items).toMatchObject([{ name: 'ping', calls: 2, applied: 2 }]);
  });

  it('remembers across restarts, and drops a line cut short by a crash', async () => {
    const first = createPlayground({ file });
    await call(first.app, 'POST', '/effects/charge', { amount: 5 }, 'k1');
    first.close();
    appendFileSync(file, '{"at":"2026-01-01T00:00:00Z","name":"cha');

    const second = createPlayground({ file });
    expect((await call(second.app, 'POST', '/effects/charge', { amount: 5 }, 'k1')).body.replayed).toBe(true);
    expect((await call(second.app, 'POST', '/effects/charge', { amount: 5 }, 'k2')).body.replayed).toBe(false);
    second.close();
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => [line.key, line.applied])).toEqual([
      ['k1', true],
      ['k1', false],
      ['k2', true],
    ]);
  });

  it('forgets when told to, in the file too', async () => {
    const { app, close } = createPlayground({ file });
    await call(app, 'POST', '/effects/charge', {}, 'k1');
    await call(app, 'DELETE', '/effects');
    expect((await call(app, 'GET', '/effects')).body).toEqual({ items: [] });
    close();
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});

describe('bounds', () => {
  it('refuses a body that is too large, whether its size is announced or not', async () => {
    const { app } = createPlayground({ file: null });
    const text = 'x'.repeat(MAX_BODY_BYTES);
    const stream = new Blob([`"${text}"`]).stream();
    for (const path of ['/effects/big', '/echo', '/renders']) {
      expect(await call(app, 'POST', path, text)).toMatchObject({ status: 413, body: { code: 'too-large' } });
    }
    const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
    expect((await app.request('/effects/big', init)).status).toBe(413);
    expect((await call(app, 'GET', '/effects')).body.items).toEqual([]);
    expect((await call(app, 'POST', '/effects/fits', text.slice(2))).status).toBe(201);
  });

  it('forgets the older half when the record is full, in memory and in the file', () => {
    const recorder = openRecorder(file, 20_000);
    const ledger = openLedger(recorder);
    for (let n = 0; n < 1_000; n++) ledger.call('effect', `k${n}`, { n }, true);
    expect(ledger.call('effect', 'k999', { n: 0 }, true)).toMatchObject({
      applied: false,
      effect: { data: { n: 999 } },
    });
    expect(ledger.find('effect', 'k0')).toBeUndefined();
    const before = ledger.list(() => true).items;
    expect(before.length).toBeGreaterThan(70);
    expect(before.length).toBeLessThan(200);
    expect(readFileSync(file).length).toBeLessThan(40_000);
    recorder.close();
    const again = openRecorder(file, 20_000);
    expect(openLedger(again).list(() => true).items).toEqual(before);
    again.close();
  });

  it('keeps one key that is called without end', () => {
    const ledger = openLedger(openRecorder(null, 20_000));
    let last = ledger.call('flaky', 'k', null, false);
    for (let n = 0; n < 1_000; n++) last = ledger.call('flaky', 'k', null, false);
    expect(last.effect.calls).toBeGreaterThan(50);
    expect(ledger.list(() => true).items).toHaveLength(1);
  });

  it('lists as much as one answer takes, the newest first to stay', async () => {
    const { app } = createPlayground({ file: null });
    const data = 'x'.repeat(MAX_BODY_BYTES - 100);
    const count = Math.floor(MAX_RECORD_BYTES / MAX_BODY_BYTES) - 2;
    for (let n = 0; n < count; n++) await call(app, 'POST', '/effects/large', data, `k${n}`);
    const { items, complete } = (await call(app, 'GET', '/effects')).body;
    expect(complete).toBe(false);
    expect(items.length).toBeGreaterThan(2);
    expect(items.length).toBeLessThan(9);
    expect(items.at(-1).key).toBe(`k${count - 1}`);
  });

  it('limits how long it waits and how much it makes up', async () => {
    const { app } = createPlayground({ file: null });
    for (const [count, rows] of [
      ['-1', 0],
      ['1', 1],
      ['501', 501],
      ['1e9', 1],
      ['999999999', 100_000],
    ] as const)
      expect((await call(app, 'GET', `/table/rows?count=${count}`)).body).toHaveLength(rows);
    expect((await call(app, 'GET', '/delay/-5')).body).toEqual({ waitedMs: 0 });
    expect((await call(app, 'GET', '/delay/x')).body).toEqual({ waitedMs: 0 });
  });
});

describe('served', () => {
  it('answers programs, and no page of another site or under another name', async () => {
    const playground = await servePlayground({ port: 0, mailPort: 0, file: null });
    const { port } = new URL(playground.url);
    const ask = (headers: Record<string, string>, method = 'POST') =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request(`${playground.url}/effects/x`, { method, headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        sent.on('error', reject).end();
      });
    try {
      expect(await ask({ host: `evil.example:${port}` })).toBe(403);
      expect(await ask({ origin: 'http://evil.example' })).toBe(403);
      expect(await ask({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 'GET')).toBe(403);
      expect((await fetch(`${playground.url}/effects`).then((answer) => answer.json())) as object).toEqual({
        items: [],
      });
      expect(await ask({})).toBe(201);
      expect(await ask({ host: `localhost:${port}` })).toBe(201);
    } finally {
      await playground.close();
    }
  });
});

describe('services', () => {
  it('books, cancels and pays once by the id the caller chose', async () => {
    const { app } = createPlayground({ file: null });
    const booked = { id: 'r1', kind: 'flights', status: 'booked', price: 320, details: { to: 'Oslo' } };
    expect((await call(app, 'PUT', '/bookings/flights/r1', { to: 'Oslo' })).body).toEqual(booked);
    expect((await call(app, 'PUT', '/bookings/flights/r1', { to: 'Oslo' })).body).toEqual(booked);
    expect((await call(app, 'DELETE', '/bookings/flights/r1')).body.status).toBe('cancelled');
    expect((await call(app, 'GET', '/bookings/flights/r1')).body.status).toBe('cancelled');
    expect((await call(app, 'GET', '/bookings/flights/nope')).status).toBe(404);
    expect((await call(app, 'PUT', '/payments/r1', { amount: 5, card: 'declined' })).status).toBe(402);
    expect((await call(app, 'PUT', '/payments/r1', { amount: 5, card: 'visa' })).body).toEqual({
      id: 'r1',
      status: 'paid',
      amount: 5,
    });
    expect((await call(app, 'GET', '/effects')).body.items).toMatchObject([
      { name: 'book flights', calls: 2, applied: 1 },
      { name: 'cancel flights', calls: 1, applied: 1 },
      { name: 'pay', calls: 1, applied: 1 },
    ]);
  });

  it('fails as often as asked, then works', async () => {
    const { app } = createPlayground({ file: null });
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await call(app, 'GET', '/flaky/a?failures=2')).status);
    expect(statuses).toEqual([503, 503, 200, 200]);
  });

  it('renders after some polls, or fails for a broken video', async () => {
    const { app } = createPlayground({ file: null });
    const { id } = (await call(app, 'POST', '/renders', { video: 'a.mov' }, 'r1')).body;
    expect((await call(app, 'POST', '/renders', { video: 'a.mov' }, 'r1')).status).toBe(200);
    const looks = [];
    for (let i = 0; i < 3; i++) looks.push((await call(app, 'GET', `/renders/${id}`)).body.status);
    expect(looks).toEqual(['queued', 'running', 'done']);
    const broken = (await call(app, 'POST', '/renders', { video: 'broken.mov' }, 'r2')).body.id;
    expect((await call(app, 'GET', `/renders/${broken}?polls=1`)).body).toMatchObject({ status: 'error' });
  });

  it('serves the same table every time, and prices that can be set', async () => {
    const { app } = createPlayground({ file: null });
    const rows = (await call(app, 'GET', '/table/rows?count=10000')).body;
    expect(rows).toHaveLength(10_000);
    expect(rows.filter((row: { email: string | null }) => row.email === null)).toHaveLength(4);
    expect((await call(app, 'GET', '/prices/SOL')).body.usd).toBe(100);
    await call(app, 'PUT', '/prices/SOL', { usd: 140 });
    await call(app, 'PUT', '/prices/SOL', { usd: 150 });
    expect((await call(app, 'GET', '/prices/SOL')).body.usd).toBe(150);
    expect((await call(app, 'PUT', '/prices/SOL', { usd: 'much' })).status).toBe(400);
  });

  it('echoes what it got', async () => {
    const { app } = createPlayground({ file: null });
    expect((await call(app, 'POST', '/echo?a=1', { b: 2 })).body).toMatchObject({
      method: 'POST',
      query: { a: '1' },
      body: { b: 2 },
    });
  });
});

describe('mail sink', () => {
  it('captures mail sent over SMTP, once per Message-ID', async () => {
    const playground = createPlayground({ file });
    const sink = await startMailSink({ port: 0, onMail: playground.receiveMail });
    const transport = createTransport({ host: '127.0.0.1', port: sink.port, secure: false });
    try {
      const mail = {
        from: 'blok@example.com',
        to: 'ops@example.com',
        subject: 'Bericht: 3 Aufträge – fertig',
        text: 'Zwölf\nZeilen',
        html: '<p>Zwölf</p>',
        messageId: '<run-1@example.com>',
      };
      await transport.sendMail(mail);
      await transport.sendMail(mail);
      expect((await call(playground.app, 'GET', '/mail?to=ops@example.com')).body.items).toEqual([
        {
          messageId: '<run-1@example.com>',
          from: 'blok@example.com',
          to: ['ops@example.com'],
          subject: 'Bericht: 3 Aufträge – fertig',
          text: 'Zwölf\nZeilen',
          copies: 2,
        },
      ]);
      expect((await call(playground.app, 'GET', '/mail?contains=nothing')).body.items).toEqual([]);
    } finally {
      transport.close();
      await sink.close();
      playground.close();
    }
  });

  it('keeps the beginning of a long text, and nothing of a mail that is too large', async () => {
    const playground = createPlayground({ file: null });
    const sink = await startMailSink({ port: 0, onMail: playground.receiveMail });
    const transport = createTransport({ host: '127.0.0.1', port: sink.port, secure: false });
    const mail = { from: 'blok@example.com', to: 'ops@example.com', subject: 's' };
    try {
      await transport.sendMail({ ...mail, text: 'word '.repeat(MAX_TEXT) });
      const large = transport.sendMail({ ...mail, text: 'word '.repeat(MAX_MAIL_BYTES / 4) });
      await expect(large).rejects.toThrow(/552/);
      const crowd = Array.from({ length: 101 }, (_, n) => `n${n}@example.com`);
      const { rejected } = await transport.sendMail({ ...mail, to: crowd, text: 'hello' });
      expect(rejected).toEqual(['n100@example.com']);
      const { items } = (await call(playground.app, 'GET', '/mail')).body;
      expect(items.map(({ text }: { text: string }) => text.length)).toEqual([MAX_TEXT, 5]);
    } finally {
      transport.close();
      await sink.close();
    }
  });

  it('says so when its port is taken', async () => {
    const sink = await startMailSink({ port: 0, onMail: () => undefined });
    await expect(startMailSink({ port: sink.port, onMail: () => undefined })).rejects.toThrow(/EADDRINUSE/);
    await sink.close();
  });
});

describe('price feeds', () => {
  const SOL = 'ef0d8b6fda2ceba41da15d4095d1da392a0d2f8ed0c6c7bc0f4cfac8c280b56d';
  const MINT = 'So11111111111111111111111111111111111111112';
  const told = async (app: App) => {
    const pyth = (await call(app, 'GET', `/pyth/v2/updates/price/latest?ids[]=${SOL}`)).body.parsed[0].price;
    const jupiter = (await call(app, 'GET', `/jupiter/price/v3?ids=${MINT}`)).body[MINT];
    const { solana } = (await call(app, 'GET', '/coingecko/api/v3/simple/price?ids=solana')).body;
    const slot = (await call(app, 'POST', '/jupiter/slot', { jsonrpc: '2.0', id: 1, method: 'getSlot' })).body.result;
    const ages = [pyth.publish_time, solana.last_updated_at].map(
      (at) => Math.round((Date.now() / 1_000 - at) / 10) * 10,
    );
    return { usd: [Number(pyth.price) / 1e8, jupiter.usdPrice, solana.usd], ages, slots: slot - jupiter.blockId };
  };

  it('tell the price that is set, all three the same, and fresh', async () => {
    const { app } = createPlayground({ file: null });
    expect(await told(app)).toMatchObject({ usd: [100, 100, 100], ages: [0, 0] });
    await call(app, 'PUT', '/prices/SOL', { usd: 95.5 });
    expect(await told(app)).toMatchObject({ usd: [95.5, 95.5, 95.5], ages: [0, 0] });
    expect((await call(app, 'GET', '/prices/SOL')).body).toEqual({ symbol: 'SOL', usd: 95.5 });
  });

  it('tell different prices, and old ones, if somebody wants it', async () => {
    const { app } = createPlayground({ file: null });
    await call(app, 'PUT', '/prices/SOL', { usd: 120, feed: 'jupiter' });
    expect((await told(app)).usd).toEqual([100, 120, 100]);
    await call(app, 'PUT', '/prices/SOL', { usd: 90, ageSeconds: 600 });
    expect(await told(app)).toMatchObject({ usd: [90, 90, 90], ages: [600, 600] });
    expect((await told(app)).slots).toBeGreaterThanOrEqual(1_500);
    expect((await call(app, 'PUT', '/prices/SOL', { usd: 1, feed: 'x' })).status).toBe(400);
  });

  it('know nothing of an asset that nobody has given a price', async () => {
    const { app } = createPlayground({ file: null });
    const mint = 'DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263';
    expect((await call(app, 'GET', `/jupiter/price/v3?ids=${mint}`)).body).toEqual({});
    expect((await app.request('/pyth/v2/updates/price/latest?ids[]=ab')).status).toBe(404);
    await call(app, 'PUT', `/prices/${mint}`, { usd: 0.25 });
    expect((await call(app, 'GET', `/jupiter/price/v3?ids=${mint}`)).body[mint].usdPrice).toBe(0.25);
    const path = `/coingecko/api/v3/simple/token_price/solana?contract_addresses=${mint}`;
    expect((await call(app, 'GET', path)).body[mint].usd).toBe(0.25);
  });
});
