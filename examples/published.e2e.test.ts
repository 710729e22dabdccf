import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../embedded/process/wait.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { readExample } from './testing/case.ts';
import { runHere } from './testing/command-line.ts';
import { type KillableBlok, startBlok } from './testing/start-blok.ts';

interface Listed {
  readonly items: readonly { readonly address: string; readonly last24Hours: { readonly refused: number } }[];
}

describeWith(['temporal'], 'examples that run by themselves once they are published', () => {
  let blok: KillableBlok;
  beforeAll(async () => {
    blok = await startBlok({ TEMPORAL_CLI_PATH: sharedTemporal().cli });
  }, 180_000);
  afterAll(() => blok?.stop(), 60_000);

  const cli = async (...argv: string[]): Promise<string> => {
    const { code, out, err } = await runHere(blok.api, argv);
    expect(code, err).toBe(0);
    return out;
  };

  const succeeded = async (): Promise<number> => {
    const answer = await fetch(`${blok.api}/api/runs?workflow=sales-report&status=succeeded&limit=100`);
    return ((await answer.json()) as { items: object[] }).items.length;
  };

  it('the signed order is answered to the shop, and to nobody else', async () => {
    await cli('connection', 'set', 'shop', '--type', 'webhook-secret', '--data', '{"secret":"tea-and-coffee"}');
    await cli('publish', 'signed-order/graph.yaml');
    const listed = async () => (JSON.parse(await cli('triggers', 'signed-order', '--json')) as Listed).items[0]!;
    const { address } = await listed();
    const now = () => Math.floor(Date.now() / 1000);
    const send = async (body: string, { secret = 'tea-and-coffee', time = now(), sent = body } = {}) => {
      const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
      const headers = { 'content-type': 'application/json', 'x-timestamp': String(time), 'x-signature': signature };
      const answer = await fetch(address, { method: 'POST', headers, body: sent });
      return { status: answer.status, body: await answer.json() };
    };
    const order = JSON.stringify(JSON.parse(readExample('signed-order', 'input.json')));
    expect(await send(order)).toEqual({ status: 201, body: { item: 'tea', total: 12 } });
    expect((await send(order, { secret: 'guessed' })).status).toBe(401);
    expect((await send(order, { sent: order.replace('3', '300') })).status).toBe(401);
    expect((await send(order, { time: now() - 3_600 })).status).toBe(401);
    expect(await send('{"item":"milk","quantity":1}')).toMatchObject({ status: 400, body: { code: 'hook.input' } });
    const counted = async () => (await listed()).last24Hours.refused >= 3;
    expect(await until(counted, { withinMs: 10_000, everyMs: 500 })).toBe(true);
  });

  it('the report runs, and goes on after everything was killed', async () => {
    const published = await fetch(`${blok.api}/api/workflows/sales-report`, {
      method: 'PUT',
      headers: { 'content-type': 'application/yaml' },
      body: readExample('sales-report', 'graph.yaml').replace('http://127.0.0.1:4410/playground', blok.world),
    });
    expect(published.status).toBe(201);
    expect(await until(async () => (await succeeded()) >= 1, { withinMs: 30_000, everyMs: 500 })).toBe(true);
    await blok.kill('all');
    await blok.heal('all');
    const before = await succeeded();
    expect(await until(async () => (await succeeded()) > before, { withinMs: 40_000, everyMs: 500 })).toBe(true);
  }, 180_000);
});
