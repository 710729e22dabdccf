/** Many triggers at once at two API processes, one of which is killed meanwhile: every limit is exact, and nothing is lost. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import createClient, { type Sql } from 'postgres';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { until } from '../../embedded/process/wait.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { type OwnTemporal, ownTemporal } from '../../scripts/testing/temporal.ts';
import { startTestWorker, type TestWorker } from '../../worker/testing/worker.ts';
import { startTwoApis, type TwoApis } from './testing/two-apis.ts';

/** How many triggers fire at once: `BLOK_SCALE=all` takes a thousand. */
const ALL = process.env.BLOK_SCALE === 'all';
const MANY = ALL ? 1_000 : 120;
const PATIENCE = { withinMs: ALL ? 600_000 : 90_000, everyMs: 200 };

const IN = { in: { uses: 'webhook', with: { verify: 'none', dedupe: '${{ trigger.body.id }}' } } };

describeWith(['temporal'], 'limits under many triggers at once', () => {
  /** What runs have told an outsider: workflow and input, in order. */
  const told: { workflow: string; input: { id: number; key?: number; items?: { id: number }[] } }[] = [];
  /** How many were telling it at a time, by workflow. */
  const most = new Map<string, number>();
  let recorder: Server;
  let temporal: OwnTemporal;
  let test: TestWorker;
  let two: TwoApis;
  let admin: Sql;

  beforeAll(async () => {
    const now = new Map<string, number>();
    recorder = createServer(async (req, res) => {
      const workflow = req.url!.slice(1);
      let body = '';
      for await (const chunk of req) body += chunk;
      now.set(workflow, (now.get(workflow) ?? 0) + 1);
      most.set(workflow, Math.max(most.get(workflow) ?? 0, now.get(workflow)!));
      told.push({ workflow, input: JSON.parse(body) });
      await setTimeout(30);
      now.set(workflow, now.get(workflow)! - 1);
      res.end();
    });
    await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve));
    temporal = await ownTemporal();
    const { port } = recorder.address() as AddressInfo;
    test = await startTestWorker({ address: temporal.address, taskQueue: 'blok', allowHosts: [`127.0.0.1:${port}`] });
    two = await startTwoApis(test, temporal.address);
    admin = createClient(test.databaseUrl, { max: 1, onnotice: () => {} });
  }, 180_000);
  afterAll(async () => {
    await two?.stop();
    await admin?.end();
    await test?.dispose();
    await temporal?.dispose();
    recorder?.close();
  });

  /** Publishes a graph that tells the recorder its input. */
  const publish = (name: string, more: object) => {
    const { port } = recorder.address() as AddressInfo;
    const tell = { method: 'POST', url: `http://127.0.0.1:${port}/${name}`, json: '${{ input }}' };
    return two.publish({
      name,
      ...{ blok: 1, triggers: IN, nodes: { tell: { uses: 'http.request', with: tell } } },
      ...more,
    });
  };
  /** Sends all at once, some twice, and kills one of the processes while they are being taken. */
  async function sendAll(address: string, bodies: readonly object[], victim: number): Promise<void> {
    const again = bodies.filter((_, n) => n % 33 === 0);
    let answered = 0;
    const sent = [...bodies, ...again].map(async (body, n) => {
      expect((await two.post(address, body, n)).status).toBe(202);
      answered++;
    });
    await until(() => answered > bodies.length / 3, PATIENCE);
    await two.apis[victim]!.crash();
    await Promise.all(sent);
  }
  const toldBy = (workflow: string) => told.filter((one) => one.workflow === workflow).map(({ input }) => input);
  const runsOf = async (workflow: string) => {
    const [row] = await admin<{ ended: number; all: number }[]>`
      select count(*) filter (where status = 'succeeded')::int as ended, count(*)::int as all from run where workflow = ${workflow}`;
    return row!;
  };
  const ended = async (workflow: string, runs: number) => {
    await until(async () => (await runsOf(workflow)).ended >= runs, PATIENCE);
    expect(await runsOf(workflow)).toEqual({ ended: runs, all: runs });
  };
  const ids = Array.from({ length: MANY }, (_, id) => ({ id }));
  const sorted = (inputs: readonly { id: number }[]) => inputs.map(({ id }) => id).toSorted((a, b) => a - b);
  const victim = inject('seed') % 2;

  it(
    `concurrency: ${MANY} runs, never more than five at a time`,
    async () => {
      const at = await publish('crowded', { concurrency: { limit: 5 } });
      await sendAll(at, ids, victim);
      await ended('crowded', MANY);
      expect(sorted(toldBy('crowded'))).toEqual(ids.map(({ id }) => id));
      expect(most.get('crowded')).toBeLessThanOrEqual(5);
    },
    PATIENCE.withinMs + 60_000,
  );

  it(
    `rateLimit: ${MANY} runs, never more begin in any two seconds than may`,
    async () => {
      const [limit, perMs] = [Math.ceil(MANY / 4), 2_000];
      await admin`create table taken as select taken_at from turn with no data`;
      await admin`create function note_turn() returns trigger language plpgsql security definer as
      'begin insert into public.taken values (new.taken_at); return new; end'`;
      await admin`create trigger note_turn after update on turn for each row
      when (old.taken_at is null and new.taken_at is not null) execute function note_turn()`;
      const at = await publish('steady', { rateLimit: { limit, per: `${perMs}ms` } });
      await sendAll(at, ids, 1 - victim);
      await ended('steady', MANY);
      expect(sorted(toldBy('steady'))).toEqual(ids.map(({ id }) => id));
      const rows = await admin<
        { at: number }[]
      >`select extract(epoch from taken_at)::float8 * 1000 as at from taken order by 1`;
      expect(rows).toHaveLength(MANY);
      for (const [n, row] of rows.slice(limit).entries()) expect(row.at - rows[n]!.at).toBeGreaterThanOrEqual(perMs);
    },
    PATIENCE.withinMs + 60_000,
  );

  it(
    `debounce: ${MANY} events of twenty keys make twenty runs, each of the last event`,
    async () => {
      const at = await publish('quiet', { debounce: { key: '${{ input.key }}', quiet: ALL ? '30s' : '8s' } });
      await sendAll(
        at,
        ids.map(({ id }) => ({ id, key: id % 20 })),
        victim,
      );
      const last = Array.from({ length: 20 }, (_, key) => ({ id: MANY + key, key }));
      await Promise.all(last.map((body, n) => two.post(at, body, n)));
      await two.apis[1 - victim]!.crash();
      await ended('quiet', 20);
      expect(toldBy('quiet').toSorted((a, b) => a.id - b.id)).toEqual(last);
    },
    PATIENCE.withinMs + 60_000,
  );

  it(
    `batch: ${MANY} events make runs of 25, and one of the rest`,
    async () => {
      const at = await publish('together', { batch: { size: 25, within: ALL ? '60s' : '10s' } });
      const all = [...ids, { id: MANY }];
      await sendAll(at, all, 1 - victim);
      await ended('together', Math.ceil(all.length / 25));
      const items = toldBy('together').map((input) => input.items!);
      expect(sorted(items.flat())).toEqual(all.map(({ id }) => id));
      expect(items.map(({ length }) => length).toSorted((a, b) => b - a)).toEqual([
        ...Array.from({ length: Math.floor(all.length / 25) }, () => 25),
        all.length % 25,
      ]);
    },
    PATIENCE.withinMs + 60_000,
  );
});
