/** The playground's chain, as `BLOK_CHAIN=1 npm start` runs it, and the examples that pay on it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Case, loadExamples } from '../../examples/testing/case.ts';
import { finishCase, runCase, startCase } from '../../examples/testing/run-case.ts';
import { type KillableBlok, startBlok } from '../../examples/testing/start-blok.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { freePort } from '../process/ports.ts';
import { TREASURY } from './play-money.ts';

const LIMIT_MS = 120_000;
const PAYING = ['large-transaction', 'payroll', 'periodic-buying', 'tip-positive-mail', 'treasury-sweep'];

describeWith(['temporal', 'surfpool'], "the playground's chain", () => {
  let blok: KillableBlok;
  let url: string;
  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    blok = await startBlok({ BLOK_CHAIN: '1', CHAIN_PORT: String(port), TEMPORAL_CLI_PATH: sharedTemporal().cli });
  }, 180_000);
  afterAll(() => blok?.stop(), 60_000);

  const ask = async (method: string, params: readonly unknown[] = [], headers: Record<string, string> = {}) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const text = await answer.text();
    return { status: answer.status, result: answer.ok ? JSON.parse(text).result : text };
  };

  it('is said where it is, and answers programs, but no page of another site', async () => {
    expect(blok.said()).toContain(`Chain        ${url}`);
    expect((await ask('getSlot')).result).toBeGreaterThan(0);
    const foreign = await ask('getSlot', [], { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
    expect(foreign).toMatchObject({ status: 403 });
  });

  it('tells of new blocks by web sockets', async () => {
    const socket = new WebSocket(url.replace('http', 'ws'));
    const told = new Promise<string>((resolve, reject) => {
      socket.onmessage = ({ data }) => String(data).includes('slotNotification') && resolve(String(data));
      socket.onerror = () => reject(new Error('the socket broke'));
    });
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'slotSubscribe', params: [] }));
    expect(await told).toContain('"slot"');
    socket.close();
  });

  const cases = loadExamples()
    .filter(({ name }) => PAYING.includes(name))
    .flatMap(({ name, cases: all }) => all.map((one) => ({ name, ending: one.name, one })));
  it.each<{ name: string; ending: string; one: Case }>(cases)(
    '$name: $ending',
    { timeout: LIMIT_MS },
    async ({ one }) => {
      const place = { ...blok, inProcess: true };
      if (!one.during) return expect(await runCase(place, one)).toEqual([]);
      const { wrong } = await finishCase(place, await startCase(place, one), { limitMs: LIMIT_MS });
      expect(wrong).toEqual([]);
    },
  );

  it('holds what the examples paid', async () => {
    const { result } = await ask('getBalance', [TREASURY]);
    expect(result.value).toBe(3_000_000_000);
  });
});
