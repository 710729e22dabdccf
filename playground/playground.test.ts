import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlayground, startMailSink } from './index.ts';

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

  it('says so when its port is taken', async () => {
    const sink = await startMailSink({ port: 0, onMail: () => undefined });
    await expect(startMailSink({ port: sink.port, onMail: () => undefined })).rejects.toThrow(/EADDRINUSE/);
    await sink.close();
  });
});
