/**
 * Large runs finish, and what they leave in Temporal stays small. No history passes the point at which the server
 * suggests continue-as-new by more than a step, and no payload is over 512 KiB.
 *
 * A *step* is what is in flight when the run is told: the effects that were requested and have not come back. That is
 * one for effects in a row, and up to 500 side by side. `beyondThePoint` of worker/testing/scale.ts computes it from
 * each history.
 */
import { Client, Connection } from '@temporalio/client';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createApp } from '../api/app.ts';
import { startApi } from '../api/serve.ts';
import { temporalRuns } from '../api/temporal/runs.ts';
import { depsBeside } from '../api/testing/beside-worker.ts';
import {
  type Database,
  ensureWorkspace,
  getRunSummary,
  matchWaits,
  openDatabase,
  parseKeyring,
  withWorkspace,
} from '../db/index.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { migratedDatabase, type TestDatabase } from '../scripts/testing/postgres.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { createLog } from '../telemetry/log.ts';
import { PAYLOAD_LIMIT } from '../worker/testing/history.ts';
import { testNodes } from '../worker/testing/nodes.ts';
import { startWorkerProcess, type WorkerProcess } from '../worker/testing/process.ts';
import { type Measured, measure, nothingMeasured } from '../worker/testing/scale.ts';
import { resultOf, startTestWorker, TEST_KEY, type TestWorker, WORKSPACE } from '../worker/testing/worker.ts';
import { type RunResult, TASK_QUEUE } from './contract.ts';

/** `BLOK_SCALE=all` runs the full sizes, which take many minutes. Otherwise a part of each is run. */
const ALL = process.env.BLOK_SCALE === 'all';
const LIMIT_MS = ALL ? 1_800_000 : 120_000;

const IN_A_ROW = 1_000;
const IN_PARALLEL = 1_000;
const ITEMS = ALL ? 100_000 : 5_000;
const LARGE_OUTPUTS = ALL ? 8 : 1;
const WAITING = ALL ? 10_000 : 300;
/** How many of those runs get an event of their own; the rest share one event. */
const BY_KEY = ALL ? 500 : 50;
/** How many runs a worker keeps in memory. */
const KEPT = 500;
/** Most that its memory may grow beyond that of so many runs, however many wait: it is the heap's to use. */
const GROWTH_MB = 600;
const LARGE_KB = 10 * 1_024;

/** What is true of all histories. */
function soundly({ troubled, beyond, largest }: Measured): void {
  expect(troubled).toEqual([]);
  expect(beyond).toEqual([]);
  expect(largest.bytes, largest.where).toBeLessThanOrEqual(PAYLOAD_LIMIT);
}

describeWith(['temporal'], 'a large run', () => {
  let test: TestWorker;
  let app: ReturnType<typeof createApp>;
  const outside = testNodes();
  const figures: string[] = [];
  beforeAll(async () => {
    // The product's own task queue, because the API starts runs there.
    test = await startTestWorker({ nodes: outside.nodes, taskQueue: TASK_QUEUE });
    await withWorkspace(test.database, WORKSPACE, ensureWorkspace);
    const runs = temporalRuns({ address: sharedTemporal().address, namespace: 'default', shared: test.connection });
    app = createApp(depsBeside(test, runs));
  });
  afterAll(async () => {
    console.log(['| | time | executions | events | longest | over | payload | RSS |', ...figures].join('\n'));
    await test?.dispose();
  });

  /** Runs a graph through the API, checks its histories against the rules, and notes its figures. */
  async function run(name: string, graph: object): Promise<{ result: RunResult; measured: Measured }> {
    const began = performance.now();
    const started = await app.request('/api/runs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ graph: { blok: 1, name: 'scale', ...graph } }),
    });
    expect(started.status).toBe(202);
    const { id: runId } = (await started.json()) as { id: string };
    const row = () => withWorkspace(test.database, WORKSPACE, (tx) => getRunSummary(tx, { runId }));
    const { workflowId } = (await row())!;
    const result = await resultOf(test.client.workflow.getHandle(workflowId));
    const seconds = (performance.now() - began) / 1_000;
    const rss = Math.round(process.memoryUsage.rss() / 2 ** 20);
    const measured = await measure(test.client, workflowId);
    const { executions, events, longest, mostOver, largest } = measured;
    const kb = Math.ceil(largest.bytes / 1_024);
    figures.push(
      `| ${name} | ${seconds.toFixed(1)} s | ${executions} | ${events} | ${longest} | ${mostOver} | ${kb} KB | ${rss} MB |`,
    );
    soundly(measured);
    expect(await row()).toMatchObject({ status: result.status });
    return { result, measured };
  }

  /** Steps of a run whose effect happened. */
  const effectsOf = ({ runId }: RunResult): number => new Set(outside.done(runId)).size;

  it(`${IN_A_ROW} effects in a row`, { timeout: LIMIT_MS }, async () => {
    const nodes = Object.fromEntries(
      Array.from({ length: IN_A_ROW }, (_, i) => {
        const value = i === 0 ? 1 : `\${{ nodes.s${i - 1}.value + 1 }}`;
        return [`s${i}`, { uses: 'test.echo', ...(i > 0 ? { needs: [`s${i - 1}`] } : {}), with: { value } }];
      }),
    );
    const { result, measured } = await run('1,000 effects in a row', {
      nodes,
      output: `\${{ nodes.s${IN_A_ROW - 1}.value }}`,
    });
    expect(result).toMatchObject({ status: 'succeeded', output: IN_A_ROW });
    expect(effectsOf(result)).toBe(IN_A_ROW);
    expect(measured.continued).toBeGreaterThan(0);
  });

  it(`${IN_PARALLEL} effects in parallel`, { timeout: LIMIT_MS }, async () => {
    const ids = Array.from({ length: IN_PARALLEL }, (_, i) => `s${i}`);
    const { result } = await run('1,000 effects in parallel', {
      nodes: Object.fromEntries(ids.map((id, i) => [id, { uses: 'test.echo', with: { value: i } }])),
      output: ids.map((id) => `\${{ nodes.${id}.value }}`),
    });
    expect(result).toMatchObject({ status: 'succeeded', output: ids.map((_, i) => i) });
    expect(effectsOf(result)).toBe(IN_PARALLEL);
  });

  it(`forEach over ${ITEMS} items, with an effect each`, { timeout: LIMIT_MS }, async () => {
    const { result } = await run(`forEach over ${ITEMS.toLocaleString('en')} items`, {
      nodes: {
        rows: { uses: 'test.numbers', with: { count: ITEMS } },
        each: {
          uses: 'forEach',
          needs: ['rows'],
          with: { items: '${{ nodes.rows.list }}', concurrency: 100 },
          nodes: { one: { uses: 'test.echo', with: { value: '${{ item * 2 }}' } } },
          output: '${{ nodes.one.value }}',
        },
        // More than a single expression may compute.
        check: {
          uses: 'code.javascript',
          needs: ['each'],
          with: {
            input: '${{ nodes.each.results }}',
            source: 'return { sum: input.reduce((sum, n) => sum + n, 0), ordered: input.every((n, i) => n === i * 2) }',
          },
        },
      },
      output: { count: '${{ nodes.each.count }}', check: '${{ nodes.check }}' },
    });
    const output = { count: ITEMS, check: { sum: ITEMS * (ITEMS - 1), ordered: true } };
    expect(result).toMatchObject({ status: 'succeeded', output });
    expect(effectsOf(result)).toBe(ITEMS + 1);
  });

  it(`${LARGE_OUTPUTS} outputs of 10 MB`, { timeout: LIMIT_MS }, async () => {
    const ids = Array.from({ length: LARGE_OUTPUTS }, (_, i) => i);
    const nodes = ids.map((i) => ({
      [`big${i}`]: { uses: 'test.big', with: { kb: LARGE_KB, n: i } },
      // A path of the output, which the workflow reads; a part and the whole, given to other effects; a computation
      // over it.
      [`path${i}`]: {
        uses: 'set',
        needs: [`big${i}`],
        with: { value: `\${{ nodes.big${i}.n + nodes.big${i}.list[2] }}` },
      },
      [`part${i}`]: { uses: 'test.count', needs: [`big${i}`], with: { of: `\${{ nodes.big${i}.text }}` } },
      [`whole${i}`]: { uses: 'test.echo', needs: [`big${i}`], with: { value: `\${{ nodes.big${i} }}` } },
      [`again${i}`]: { uses: 'test.count', needs: [`whole${i}`], with: { of: `\${{ nodes.whole${i}.value.text }}` } },
      [`size${i}`]: { uses: 'set', needs: [`big${i}`], with: { value: `\${{ nodes.big${i}.text.length }}` } },
    }));
    const each = ids.map((i) => ({
      path: `\${{ nodes.path${i} }}`,
      part: `\${{ nodes.part${i}.count }}`,
      again: `\${{ nodes.again${i}.count }}`,
      size: `\${{ nodes.size${i} }}`,
    }));
    const all = Object.assign({}, ...nodes);
    const used = await run(`${LARGE_OUTPUTS} outputs of 10 MB, used`, { nodes: all, output: each });
    const size = LARGE_KB * 1_024;
    expect(used.result).toMatchObject({
      status: 'succeeded',
      output: ids.map((i) => ({ path: 2 * i + 2, part: size, again: size, size })),
    });
    const returned = await run('10 MB returned', { nodes: all, output: '${{ nodes.whole0.value }}' });
    expect(returned.result).toMatchObject({ status: 'succeeded', output: null });
    expect(returned.result.outputRef!.size).toBeGreaterThan(size);
  });
});

const ORDER = `
blok: 1
name: order
nodes:
  paid: { uses: waitForEvent, timeout: 90d, with: { event: paid, key: "\${{ input.order }}" } }
output: { order: "\${{ input.order }}", amount: "\${{ nodes.paid.data.amount }}" }
`;

describeWith(['temporal'], 'many waiting runs', () => {
  let database: TestDatabase;
  let worker: WorkerProcess;
  let api: Awaited<ReturnType<typeof startApi>>;
  let rows: Database;
  let connection: Connection;
  /** An event for thousands of runs is answered when it has been sent to all of them. */
  const patient = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  beforeAll(async () => {
    database = await migratedDatabase();
    worker = await startWorkerProcess(database.url);
    api = await startApi({
      databaseUrl: database.url,
      keyring: parseKeyring(TEST_KEY),
      temporal: { address: sharedTemporal().address, namespace: 'default' },
      port: 0,
      log: createLog({ level: 'silent' }),
    });
    rows = openDatabase(database.url);
    connection = await Connection.connect({ address: sharedTemporal().address });
  });
  afterAll(async () => {
    await patient.close();
    await api?.close();
    await worker?.stop();
    await rows?.close();
    await connection?.close();
    await database?.drop();
  });

  async function ask(method: string, path: string, body?: object) {
    const response = await fetch(`${api.url}${path}`, {
      dispatcher: patient,
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers are read freely in tests
    return { status: response.status, body: (await response.json()) as any };
  }

  /** Ids of all runs that the API lists with a status, page by page. */
  async function listed(status: string): Promise<string[]> {
    const ids: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await ask('GET', `/api/runs?workflow=order&status=${status}&limit=200${cursor}`);
      ids.push(...body.items.map((run: { id: string }) => run.id));
      if (body.next === null) return ids;
      cursor = `&cursor=${body.next}`;
    }
  }

  const indexed = () => withWorkspace(rows, WORKSPACE, (tx) => matchWaits(tx, { name: 'paid' }));
  const soon = <T>(probe: () => Promise<T>) => expect.poll(probe, { timeout: LIMIT_MS, interval: 500 });

  /** What the runs that have ended returned: how many of each amount, and how many orders. */
  async function returned() {
    const { rows: all } = await withWorkspace(rows, WORKSPACE, (tx) => tx.db.execute('select output from run_payload'));
    const outputs = (all as { output: string }[]).map(
      (row) => JSON.parse(row.output) as { order: string; amount: number },
    );
    return {
      orders: new Set(outputs.map(({ order }) => order)).size,
      amounts: [1, 2].map((amount) => outputs.filter((output) => output.amount === amount).length),
    };
  }

  it(`${WAITING} of them`, { timeout: LIMIT_MS }, async () => {
    const laps: string[] = [];
    let began = performance.now();
    let most = 0;
    const lap = (what: string): void => {
      const rss = worker.rssMb();
      most = Math.max(most, rss);
      laps.push(`| ${what} | ${((performance.now() - began) / 1_000).toFixed(1)} s | ${rss} MB |`);
      began = performance.now();
    };
    expect((await ask('PUT', '/api/workflows/order', { graph: parse(ORDER) })).status).toBe(201);
    const ids: string[] = [];
    await abreast(WAITING, async (order) => {
      const { status, body } = await ask('POST', '/api/workflows/order/runs', { input: { order: `o-${order}` } });
      expect(status).toBe(202);
      if (ids.push(body.id) === Math.min(WAITING, KEPT)) lap(`the first ${ids.length} started`);
    });
    const few = most;
    lap('all started');
    await soon(async () => (await indexed()).length).toBe(WAITING);
    expect((await listed('waiting')).sort()).toEqual(ids.sort());
    lap('all wait, and are listed so');

    await abreast(BY_KEY, async (order) => {
      const { body } = await ask('POST', '/api/events', { name: 'paid', key: `o-${order}`, data: { amount: 1 } });
      expect(body.delivered).toBe(1);
    });
    await soon(async () => (await indexed()).length).toBe(WAITING - BY_KEY);
    lap(`${BY_KEY} events by key, and their runs ended`);
    const { body } = await ask('POST', '/api/events', { name: 'paid', data: { amount: 2 } });
    expect(body.delivered).toBe(WAITING - BY_KEY);
    lap(`one event sent to the other ${WAITING - BY_KEY}`);
    await soon(async () => (await listed('succeeded')).length).toBe(WAITING);
    lap('all ended');
    console.log(['| | time | RSS of the worker |', ...laps].join('\n'));
    expect(await returned()).toEqual({ orders: WAITING, amounts: [BY_KEY, WAITING - BY_KEY] });
    expect(worker.alive()).toBe(true);
    expect(most).toBeLessThan(few + GROWTH_MB);

    const client = new Client({ connection });
    const measured = nothingMeasured();
    await abreast(WAITING, async (n) => {
      const summary = await withWorkspace(rows, WORKSPACE, (tx) => getRunSummary(tx, { runId: ids[n]! }));
      await measure(client, summary!.workflowId, measured);
    });
    const { executions, events, longest, largest } = measured;
    console.log(
      `${executions} executions, ${events} events, longest ${longest}, largest payload ${largest.bytes} bytes`,
    );
    soundly(measured);
    expect(executions).toBe(WAITING);
  });
});

/** Calls `work` this many times, sixteen calls at a time. */
async function abreast(times: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < times) await work(next++);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
