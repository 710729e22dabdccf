import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '../../graph/json.ts';
import { type Api, apiAt, publishWebhook } from '../api.ts';
import type { Posted } from '../post.ts';
import { startProduct } from '../product.ts';
import { conclude } from '../results.ts';
import { startServers } from '../servers.ts';
import { median, memoryOf, percentile } from '../statistics.ts';
import { type Answers, probe } from './traffic.ts';

const PER_SECOND = 2_000;
const PROBE_EVERY_MS = 100;
/** How much later than alone the other webhook may answer. */
const LATER_MS = 500;

interface Flood {
  readonly name: string;
  readonly sent: Posted;
}

/**
 * A webhook beside another one that gets 2,000 requests a second, in each of several ways.
 *
 * @returns false if the other webhook answered more than half a second later than alone
 */
export async function benchFlood({ quick, write }: { quick: boolean; write: boolean }): Promise<boolean> {
  const forMs = quick ? 4_000 : 20_000;
  const servers = await startServers();
  // The rate that an installation has if nobody sets another one.
  const product = await startProduct(servers, { allowHosts: '', hookRate: 1_000 });
  try {
    const api = apiAt(product.url);
    const other = { url: await hookOf(api, 'other', { reply: 'sync', verify: 'none' }), body: '{}' };
    const floods = await floodsOn(api);
    await probe(other, { everyMs: PROBE_EVERY_MS, forMs: 2_000 });
    const alone = median(await probe(other, { everyMs: PROBE_EVERY_MS, forMs: 3_000 }));
    const rows: string[] = [];
    const missed: string[] = [];
    for (const { name, sent } of floods) {
      const [answers, times] = await Promise.all([
        flooded(sent, forMs),
        probe(other, { everyMs: PROBE_EVERY_MS, forMs }),
      ]);
      const longest = Math.max(...times);
      if (longest > alone + LATER_MS) missed.push(`${name}: the other webhook took ${longest.toFixed(0)} ms`);
      rows.push(rowOf(name, answers, times, memoryOf(product.pid)));
    }
    const table = [
      `The other webhook alone: ${alone.toFixed(0)} ms in the median.`,
      '',
      `| flood of ${PER_SECOND} requests a second | answers | other webhook: median | p99 | longest | memory |`,
      '|---|---|---|---|---|---|',
      ...rows,
    ].join('\n');
    return conclude('flood', { table, missed, write });
  } finally {
    await product.stop();
    await servers.stop();
  }
}

async function flooded(sent: Posted, forMs: number): Promise<Answers> {
  const amount = { perSecond: PER_SECOND, forMs };
  const sender = new Worker(new URL('./sender.ts', import.meta.url), { workerData: { sent, amount } });
  const [answers] = (await once(sender, 'message')) as [Answers];
  await sender.terminate();
  return answers;
}

function rowOf(name: string, { statuses }: Answers, times: readonly number[], memory: number): string {
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  const answers = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  return `| ${name} | ${answers.join(', ')} | ${ms(median(times))} | ${ms(percentile(times, 0.99))} | ${ms(Math.max(...times))} | ${memory.toFixed(0)} MB |`;
}

async function floodsOn(api: Api): Promise<Flood[]> {
  const inline = await hookOf(api, 'inline', { verify: 'none' });
  const durable = await hookOf(api, 'durable', { verify: 'none' }, { execution: 'durable' });
  const large = JSON.stringify({ text: 'x'.repeat(200_000) });
  return [
    { name: 'right requests, runs that only compute', sent: { url: inline, body: '{"n":1}' } },
    { name: 'right requests, durable runs', sent: { url: durable, body: '{"n":1}' } },
    { name: 'bodies that are no JSON', sent: { url: inline, body: '{"n":' } },
    { name: 'bodies of 200 KB', sent: { url: inline, body: large } },
    {
      name: 'compressed bodies of 10 MB',
      sent: { url: inline, body: gzipSync(Buffer.alloc(10_000_000)), headers: { 'content-encoding': 'gzip' } },
    },
  ];
}

const hookOf = (api: Api, name: string, given: JsonObject, more: JsonObject = {}): Promise<string> =>
  publishWebhook(api, {
    blok: 1,
    name: `flood-${name}`,
    ...more,
    triggers: { hook: { uses: 'webhook', with: given } },
    nodes: { set: { uses: 'set', with: { value: '${{ trigger.body.n ?? 1 }}' } } },
    output: '${{ nodes.set }}',
  });
