/** The playground's chain, as `BLOK_CHAIN=1 npm start` runs it, and the examples that pay on it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Case, loadExamples, readExample } from '../../examples/testing/case.ts';
import { runHere } from '../../examples/testing/command-line.ts';
import { finishCase, runCase, startCase } from '../../examples/testing/run-case.ts';
import { seenOf } from '../../examples/testing/seen.ts';
import { type KillableBlok, startBlok } from '../../examples/testing/start-blok.ts';
import { somebody } from '../../integrations/solana/testing/scene.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { freePort } from '../process/ports.ts';
import { until } from '../process/wait.ts';
import { TREASURY } from './play-money.ts';

const LIMIT_MS = 120_000;
const PAYING = ['large-transaction', 'payroll', 'periodic-buying', 'tip-positive-mail', 'treasury-sweep'];

/** A run of the published example. */
interface Report {
  readonly id: string;
  readonly output: { readonly moved: number } | null;
}

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

  it('large-transaction, published: each large payment starts one report, although Blok is killed, and a small one none', {
    timeout: 2 * LIMIT_MS,
  }, async () => {
    const wallet = somebody();
    const graph = readExample('large-transaction', 'graph.yaml').replace(/wallet: \w+/, `wallet: ${wallet}`);
    const headers = { 'content-type': 'application/yaml' };
    const published = await fetch(`${blok.api}/api/workflows/large-transaction`, {
      method: 'PUT',
      headers,
      body: graph,
    });
    expect([published.status, published.ok ? '' : await published.text()]).toEqual([201, '']);
    const pay = async (amount: string) => {
      const vars = ['--var', `to=${wallet}`, '--var', `amount=${amount}`];
      const { code, out, err } = await runHere(blok.api, ['run', 'large-transaction/pay.yaml', ...vars]);
      expect(code, out + err).toBe(0);
    };
    const get = async (path: string) => (await fetch(`${blok.api}/api/runs${path}`)).json();
    const listed = async () => {
      const { items } = (await get('?workflow=large-transaction&trigger=moves&limit=100')) as {
        items: { id: string }[];
      };
      return items;
    };
    /** The runs of the trigger that have ended, by what was moved. */
    const reports = async (moved: number) => {
      const runs = await Promise.all((await listed()).map(({ id }) => get(`/${id}`) as Promise<Report>));
      return runs.filter(({ output }) => output?.moved === moved);
    };
    // What was paid before the watch looked for the first time is old to it.
    const hasBegun = async () => {
      await pay('3.1');
      return until(async () => (await listed()).length > 0, { withinMs: 20_000, everyMs: 500 });
    };
    expect(await until(hasBegun, { withinMs: LIMIT_MS })).toBe(true);
    await pay('3.5');
    await blok.kill('Blok');
    await blok.heal('Blok');
    await pay('0.5');
    await pay('4');
    await until(async () => (await reports(4)).length > 0 && (await reports(3.5)).length > 0, { withinMs: LIMIT_MS });
    const [first, second, small] = await Promise.all([3.5, 4, 0.5].map(reports));
    expect([first, second, small].map((all) => all!.map(({ output }) => output))).toEqual([
      [{ moved: 3.5, direction: 'in', told: true }],
      [{ moved: 4, direction: 'in', told: true }],
      [],
    ]);
    expect((await seenOf(blok.world, first![0]!.id)).mail).toMatchObject([
      { to: 'treasurer@example.com', subject: `3.5 SOL went in (${first![0]!.id})` },
    ]);
  });

  it('holds what the examples paid', async () => {
    const { result } = await ask('getBalance', [TREASURY]);
    expect(result.value).toBe(3_000_000_000);
  });
});
