/** Every `ai` node and every node for documents, with the worker killed in its middle: the next worker ends it, and nothing is lost. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type Database,
  fileFacts,
  listCalls,
  openDatabase,
  parseKeyring,
  putConnection,
  type Tenant,
  withWorkspace,
} from '../db/index.ts';
import { until } from '../embedded/process/wait.ts';
import { formatMoney, parseMoney } from '../graph/money.ts';
import { AI_CASES } from '../integrations/ai/testing/node-cases.ts';
import { catalogue } from '../integrations/index.ts';
import { DOCUMENT_CASES } from '../integrations/parsing/testing/node-cases.ts';
import { randomOf } from '../scripts/fuzz/random.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { migratedDatabase, type TestDatabase } from '../scripts/testing/postgres.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { idOf, resultOf, signed, startInputOf, TEST_KEY, WORKSPACE } from '../worker/testing/graph-worker.ts';
import { type KeptWorker, keepWorkerProcess } from '../worker/testing/process.ts';
import { workflowType } from '../workflows/contract.ts';
import { aiRun, documentRun, type KillMoment, type NodeRun } from './testing/node-runs.ts';

/** `BLOK_KILLS=all` kills at every call of every node; otherwise the seed chooses a call, and some nodes for documents. */
const ALL = process.env.BLOK_KILLS === 'all';
const DOCUMENTS = 4;
/** Nodes for documents in one round: each runs twice, and is a process of its own. */
const AT_ONCE = 5;
const QUEUE = 'nodes-killed';
const PROGRAM = fileURLToPath(new URL('../worker/testing/told-main.ts', import.meta.url));
const LIMIT_MS = 300_000;
const MOMENTS: readonly KillMoment[] = ['before', 'after'];

/** What the provider charges for what the nodes need, in pico-dollars, as its list of prices says it: ten tokens in and five out. */
const ANSWER = 10n * 100_000n + 5n * 500_000n;
const BILLS: Readonly<Record<string, bigint>> = {
  'ai.embed': 12n * 20_000n,
  // The query is a text of its own.
  'ai.similar': 13n * 20_000n,
  'ai.patterns': 12n * 20_000n + ANSWER,
  'ai.moderate': 0n,
  'ai.transcribe': (7n * 6_000_000_000n) / 60n,
  'ai.generateImage': 10n * 5_000_000n + 100n * 40_000_000n,
};

interface KilledRun extends NodeRun {
  readonly id: string;
}

const seed = inject('seed');
const billOf = ({ type, answers }: NodeRun): bigint => BILLS[type] ?? BigInt(answers) * ANSWER;

/** The rounds: in each, a worker is killed in the middle of many runs. */
function rounds(): { name: string; nth: (answers: number) => number; documents: typeof DOCUMENT_CASES }[] {
  const { int } = randomOf(seed, 0);
  const most = Math.max(...AI_CASES.map(({ answers }) => answers));
  if (ALL)
    return Array.from({ length: most }, (_, at) => ({
      name: `call ${at + 1}`,
      nth: (answers) => Math.min(at + 1, Math.max(1, answers)),
      documents: DOCUMENT_CASES.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
    }));
  const left = [...DOCUMENT_CASES];
  const documents = Array.from({ length: DOCUMENTS }, () => left.splice(int(left.length), 1)[0]!);
  return [{ name: `seed ${seed}`, nth: (answers) => 1 + int(Math.max(1, answers)), documents }];
}

describeWith(['temporal'], 'a kill -9 of the worker in the middle of a node', () => {
  let database: TestDatabase;
  let db: Database;
  let client: Client;
  let worker: KeptWorker;
  let ears: Server;
  /** By run: whether the worker is to be answered when it tells that a node has begun or is done. */
  const heard = new Map<string, { moment: KillMoment; waits: boolean }>();
  const inside = <T>(work: (tx: Tenant) => Promise<T>): Promise<T> => withWorkspace(db, WORKSPACE, work);

  beforeAll(async () => {
    ears = createServer((request, response) => {
      const [, moment, runId, attempt] = request.url!.split('/');
      const run = heard.get(runId!);
      const isMoment =
        (run?.moment === 'before' && moment === 'begun') || (run?.moment === 'after' && moment === 'done');
      if (!run || !isMoment || attempt !== '1') return void response.end();
      // It waits for an answer until it is killed.
      run.waits = true;
    });
    await new Promise<void>((resolve) => ears.listen(0, '127.0.0.1', resolve));
    database = await migratedDatabase();
    db = openDatabase(database.url);
    client = new Client({ connection: await Connection.connect({ address: sharedTemporal().address }) });
    const env = {
      BLOK_TEST_QUEUE: QUEUE,
      BLOK_TEST_TOLD: `http://127.0.0.1:${(ears.address() as AddressInfo).port}`,
      BLOK_ALLOW_HOSTS: '127.0.0.1',
    };
    worker = await keepWorkerProcess(database.url, { program: PROGRAM, env });
  });
  afterAll(async () => {
    await worker?.stop();
    await client?.connection.close();
    await db?.close();
    await database?.drop();
    ears?.closeAllConnections();
    ears?.close();
  });

  async function start({ id, connection, graph }: KilledRun) {
    if (connection)
      await inside((tx) =>
        putConnection(tx, { ...connection, type: 'openai', hosts: ['127.0.0.1'], keyring: parseKeyring(TEST_KEY) }),
      );
    const input = startInputOf(graph, catalogue(), { runId: id });
    const workflowId = idOf(input);
    return client.workflow.start(workflowType(input.workflow), {
      ...{ taskQueue: QUEUE, workflowId, args: [signed(input, workflowId)] },
    });
  }

  describe.each(rounds())('$name', ({ name, nth, documents }) => {
    it('ends each as it promises, and usage is what the provider charges', { timeout: LIMIT_MS }, async () => {
      const made = await Promise.all([
        ...MOMENTS.flatMap((moment) => AI_CASES.map((one) => aiRun(one, moment, nth(one.answers)))),
        ...MOMENTS.flatMap((moment) =>
          documents.map(async (one) =>
            documentRun(one, moment, () => heard.get(idOfRun(name, { type: one.node.type, moment }))!.waits),
          ),
        ),
      ]);
      const runs = made.map((run): KilledRun => ({ ...run, id: idOfRun(name, run) }));
      for (const { type, moment, connection, id } of runs)
        if (!type.startsWith('ai.') && !connection) heard.set(id, { moment, waits: false });
      const handles = await Promise.all(runs.map(start));

      expect(await waitingOf(runs)).toEqual(runs.map(nameOf));
      const killedAt = Date.now();
      process.kill(worker.pid(), 'SIGKILL');

      const judged = await Promise.all(
        runs.map(async (run, index) => {
          const result = await resultOf(handles[index]!);
          expect([nameOf(run), result]).toMatchObject([nameOf(run), run.ends]);
          await judgeEffect(run, killedAt);
          return judgeMoney(run, result.output);
        }),
      ).finally(() => Promise.all(runs.map((run) => run.close())));
      expect(worker.ends()).toBeGreaterThan(0);
      const asked = judged.reduce((sum, { made }) => sum + made, 0);
      const lost = judged.reduce((sum, { lost: count }) => sum + count, 0);
      console.log(
        `${runs.length} runs killed at ${name}: ended after ${((Date.now() - killedAt) / 1_000).toFixed(1)} s; ` +
          `${asked} answers made, ${lost} of them lost and paid for again; usage is the bill of the others to the last digit`,
      );
    });
  });

  /** The runs whose worker waits in their middle, once nothing else is going on in them. */
  async function waitingOf(runs: readonly KilledRun[]): Promise<string[]> {
    let before = '';
    const isQuiet = async () => {
      const all = runs.every((run) => run.waits());
      const now = all ? JSON.stringify(await Promise.all(runs.map(settledOf))) : '';
      // Parts beside the one that waits are finished, and noted: nothing has changed since the last look.
      const quiet =
        all && now === before && runs.every((run, index) => JSON.parse(now)[index] === Math.max(0, run.asked() - 1));
      before = now;
      return quiet;
    };
    await until(isQuiet, { withinMs: 150_000, everyMs: 150 });
    return runs.filter((run) => run.waits()).map(nameOf);
  }

  const callsOf = ({ id }: KilledRun) => inside((tx) => listCalls(tx, { runId: id, limit: 100 }));
  const settledOf = async (run: KilledRun): Promise<number> =>
    (await callsOf(run)).filter(({ state }) => state === 'settled').length;

  /** A file is written once, by the attempt before the kill or by the one after it. */
  async function judgeEffect({ type, moment, ends }: NodeRun, killedAt: number): Promise<void> {
    const { path } = (ends.output ?? {}) as { path?: string };
    if (path === undefined) return;
    const file = await inside((tx) => fileFacts(tx, { path }));
    const wasBefore = Date.parse(file!.modifiedAt) < killedAt;
    expect([type, moment, wasBefore]).toEqual([type, moment, moment === 'after']);
  }

  /** What the server has made and would charge, and what the workspace is told of it. */
  async function judgeMoney(run: KilledRun, output: unknown): Promise<{ made: number; lost: number }> {
    const { type, moment, answers } = run;
    const isMcp = type.startsWith('ai.mcp');
    // A model is asked again, because that only costs money. A tool of somebody else is not called again.
    const lost = moment === 'after' && (answers > 0 || type === 'ai.mcpCall') ? 1 : 0;
    expect([nameOf(run), run.made()]).toEqual([nameOf(run), answers + lost]);
    if (isMcp || !type.startsWith('ai.')) return { made: 0, lost: 0 };
    const calls = await callsOf(run);
    const settled = calls.filter(({ state }) => state === 'settled');
    const open = calls.filter(({ state }) => state === 'reserved' || state === 'unknown');
    expect([nameOf(run), open.length, calls.length - settled.length]).toEqual([nameOf(run), 1, 1]);
    const cost = settled.reduce((sum, call) => sum + (call.cost ?? 0n), 0n);
    expect([nameOf(run), formatMoney(cost)]).toEqual([nameOf(run), formatMoney(billOf(run))]);
    const { cost: said } = output as { cost?: string };
    if (said !== undefined) expect([nameOf(run), parseMoney(said)]).toEqual([nameOf(run), billOf(run)]);
    // The call that nobody knows of stays counted, with no less than the provider charges for any of them.
    const each = answers === 0 ? 0n : billOf(run) / BigInt(answers);
    for (const { estimate } of open) expect([nameOf(run), estimate! >= each]).toEqual([nameOf(run), true]);
    return { made: run.made(), lost };
  }
});

const nameOf = ({ type, moment }: NodeRun): string => `${type}, ${moment} its effect`;
/** Each round has runs of its own: what a run has noted of its calls would keep another one from making them. */
const idOfRun = (round: string, { type, moment }: Pick<NodeRun, 'type' | 'moment'>): string =>
  `r-${round}-${type}-${moment}`.replaceAll(/\W/g, '-').toLowerCase();
