import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi } from '../../api/serve.ts';
import {
  type Database,
  getRun,
  openDatabase,
  parseKeyring,
  putConnection,
  type StoredRun,
  withWorkspace,
} from '../../db/index.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { migratedDatabase, type TestDatabase } from '../../scripts/testing/postgres.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { createLog } from '../../telemetry/log.ts';
import { awaitEnd } from '../../temporal-client/await-end.ts';
import { TEST_KEY, WORKSPACE } from '../../worker/testing/graph-worker.ts';
import { startWorkerProcess, type WorkerProcess } from '../../worker/testing/process.ts';
import { type Provider, startProvider } from './testing/provider.ts';

/** How many calls are made in parallel: `BLOK_SCALE=all` makes a thousand. */
const ALL = process.env.BLOK_SCALE === 'all';
const CALLS = ALL ? 1_000 : 250;

/** How much longer than ideal they may take: the start, and each call refused on a busy machine, is a larger part of few calls. */
const LONGER = ALL ? 1.1 : 2.5;

const keyring = parseKeyring(TEST_KEY);

describeWith(['temporal'], 'rate limits that two workers share', () => {
  let database: TestDatabase;
  /** Processes of their own, as in an installation. */
  let workers: WorkerProcess[];
  let api: Awaited<ReturnType<typeof startApi>>;
  let rows: Database;
  let temporal: Client;
  let provider: Provider;
  beforeAll(async () => {
    database = await migratedDatabase();
    const start = () => startWorkerProcess(database.url, { env: { BLOK_ALLOW_HOSTS: '127.0.0.1' } });
    workers = await Promise.all([start(), start()]);
    const { address } = sharedTemporal();
    api = await startApi({
      ...{ databaseUrl: database.url, keyring, port: 0, log: createLog({ level: 'silent' }) },
      temporal: { address, namespace: 'default' },
    });
    rows = openDatabase(database.url);
    temporal = new Client({ connection: await Connection.connect({ address }) });
    provider = await startProvider();
  });
  afterAll(async () => {
    provider?.close();
    await api?.close();
    await Promise.all((workers ?? []).map((worker) => worker.stop()));
    await temporal?.connection.close();
    await rows?.close();
    await database?.drop();
  });

  const connect = (name: string, rateLimit: { limit: number; per: string; burst?: number }) =>
    withWorkspace(rows, WORKSPACE, (tx) =>
      putConnection(tx, {
        ...{ name, type: 'http-bearer', data: { token: 'token-1' }, hosts: ['127.0.0.1'] },
        ...{ keyring, rateLimit },
      }),
    );

  /** Starts a run. */
  const start = async (graph: string, input: object = {}): Promise<string> => {
    const response = await fetch(`${api.url}/api/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ graph, input }),
    });
    expect(response.status).toBe(202);
    return ((await response.json()) as { id: string }).id;
  };

  const find = async (id: string): Promise<StoredRun> =>
    (await withWorkspace(rows, WORKSPACE, (tx) => getRun(tx, { runId: id })))!;

  /** A run, when it has ended. */
  const ended = async (id: string): Promise<StoredRun> => {
    expect(await awaitEnd(temporal, (await find(id)).workflowId, { withinMs: 60_000 })).toBe(true);
    return find(id);
  };

  /** When a worker began the only step of a run, by Temporal's clock, which is this machine's. */
  const stepStartedAt = async ({ workflowId }: StoredRun): Promise<number> => {
    const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
    const { eventTime } = events!.find((event) => event.activityTaskStartedEventAttributes)!;
    return Number(eventTime!.seconds) * 1_000 + (eventTime!.nanos ?? 0) / 1e6;
  };

  const crowd = (name: string, more = '') => `
blok: 1
name: ${name}
nodes:
  each:
    uses: forEach
    with: { items: "\${{ input.items }}", concurrency: ${CALLS} }
    nodes:
      call: { uses: http.request, connection: ${name}, with: { url: "${provider.url}" }${more} }
    output: "\${{ nodes.call.status }}"
output: "\${{ nodes.each.results.filter((one) => one == 200).length }}"
`;

  it(`let ${CALLS} parallel steps through as fast as the provider allows, and none fails`, async () => {
    await connect('fast', { limit: 50, per: '1s' });
    await provider.follow({ limit: 50, perMs: 1_000 });
    const items = Array.from({ length: CALLS }, (_, index) => index);
    const begun = performance.now();
    const run = await start(crowd('fast'), { items });
    await expect.poll(async () => (await provider.seen()).calls.length, { timeout: 30_000 }).toBeGreaterThan(10);
    // Another run, which calls nobody, begins at once.
    const asked = Date.now();
    const beside = await start('blok: 1\nname: beside\nnodes: { set: { uses: kv.set, with: { key: k, value: 1 } } }');
    const besideMs = Math.round((await stepStartedAt(await ended(beside))) - asked);
    if (ALL) expect(besideMs).toBeLessThan(500);
    expect(await ended(run)).toMatchObject({ status: 'succeeded', output: CALLS });
    const idealMs = (CALLS / 50) * 1_000;
    const { calls, refusals } = await provider.seen();
    const took = calls.at(-1)! - calls[0]!;
    console.log(
      `${CALLS} calls in ${Math.round(took)} ms (ideal ${idealMs}), ${refusals.length} refused; the run beside began after ${besideMs} ms`,
    );
    expect(calls).toHaveLength(CALLS);
    // Calls that leave in time arrive late and together on a busy machine: some are refused, and made again.
    expect(refusals.length).toBeLessThan(CALLS / 20);
    expect(took).toBeLessThan(idealMs * LONGER);
    expect(performance.now() - begun).toBeLessThan(idealMs * LONGER + 5_000);
  });

  it('use up no attempt and no timeout of a step that may be tried only once', async () => {
    await connect('slow', { limit: 1, per: '3s' });
    await provider.follow({ limit: 1_000, perMs: 1_000 });
    const run = await ended(
      await start(crowd('slow', ', timeout: 8s, retry: { maxAttempts: 1 }'), { items: [1, 2, 3, 4] }),
    );
    expect(run).toMatchObject({ status: 'succeeded', output: 4 });
    const { calls } = await provider.seen();
    for (const [index, at] of calls.slice(1).entries()) expect(at - calls[index]!).toBeGreaterThan(2_900);
    const attempts = run.steps.filter(({ path }) => path.endsWith('call')).map((step) => step.attempts);
    expect(attempts).toEqual([1, 1, 1, 1]);
  });

  it('pause for all steps when the provider asks one of them to wait', async () => {
    await connect('paused', { limit: 50, per: '1s' });
    await provider.follow({ limit: 1_000, perMs: 1_000, awayMs: 4_000 });
    const items = Array.from({ length: 150 }, (_, index) => index);
    expect(await ended(await start(crowd('paused'), { items }))).toMatchObject({ output: 150 });
    // Those that were under way when the first answer came.
    const { calls, refusals } = await provider.seen();
    expect(refusals.length).toBeLessThan(75);
    expect(calls).toHaveLength(150);
  });
});
