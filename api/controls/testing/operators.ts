/** Two API processes beside a worker that can be restarted: what operators do to live runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { getRunSummary, openDatabase, withWorkspace } from '../../../db/index.ts';
import { until } from '../../../embedded/process/wait.ts';
import { migratedDatabase } from '../../../scripts/testing/postgres.ts';
import { sharedTemporal } from '../../../scripts/testing/temporal.ts';
import { startGraphWorker, WORKSPACE } from '../../../worker/testing/graph-worker.ts';
import { testNodes } from '../../../worker/testing/nodes.ts';
import { createApp } from '../../app.ts';
import { closeEnded } from '../../background/reconcile.ts';
import type { WireRun } from '../../runs/schema.ts';
import { temporalRuns } from '../../temporal/runs.ts';
import { depsBeside } from '../../testing/beside-worker.ts';

/** Waits until something holds. @throws Error if that takes too long */
export async function sure<T>(probe: () => Promise<T | false>): Promise<T> {
  const answer = await until(probe, { withinMs: 30_000 });
  if (answer === undefined) throw new Error(`This did not come true in 30 s: ${probe}`);
  return answer as T;
}

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are read freely in tests
  readonly body: any;
}

/** Starts the servers of a test. */
export async function startOperators() {
  const { address } = sharedTemporal();
  const stored = await migratedDatabase();
  const made = testNodes();
  const begin = (taskQueue?: string) =>
    startGraphWorker({ address, databaseUrl: stored.url, nodes: made.nodes, ...(taskQueue ? { taskQueue } : {}) });
  let worker = await begin();
  const { taskQueue, catalogue } = worker;
  const database = openDatabase(stored.url);
  const ports = [0, 1].map(() => temporalRuns({ address, namespace: 'default', taskQueue }));
  const deps = ports.map((runs) => depsBeside({ database, catalogue }, runs));
  const apps = deps.map((each) => createApp(each));

  const send = async (method: string, path: string, body?: object, more: { key?: string; app?: number } = {}) => {
    const headers = { 'content-type': 'application/json', ...(more.key ? { 'idempotency-key': more.key } : {}) };
    const init = { method, ...(body ? { headers, body: JSON.stringify(body) } : {}) };
    const answer = await apps[more.app ?? 0]!.request(path, init, { incoming: { complete: true } });
    return { status: answer.status, body: await answer.json() } as Answer;
  };
  const run = async (id: string): Promise<WireRun> => (await send('GET', `/api/runs/${id}`)).body;
  return {
    ...made,
    ports,
    send,
    run,
    /** Starts a run of a graph, and gives its id. */
    start: async (graph: string, input: unknown = {}): Promise<string> => {
      const { status, body } = await send('POST', '/api/runs', { graph: `blok: 1\nname: operated\n${graph}`, input });
      if (status !== 202) throw new Error(JSON.stringify(body));
      return body.id;
    },
    publish: (name: string, graph: string) =>
      send('PUT', `/api/workflows/${name}`, { graph: `blok: 1\nname: ${name}\n${graph}` }),
    /** The same request twice at once, at two processes. */
    twice: (path: string, body: object, key?: string, method = 'POST') =>
      Promise.all([0, 1].map((app) => send(method, path, body, { app, ...(key ? { key } : {}) }))),
    ended: (id: string) => sure(async () => ((await run(id)).endedAt === null ? false : run(id))),
    /** Waits until a run says something about itself. */
    sees: (id: string, holds: (run: WireRun) => boolean) => sure(async () => (holds(await run(id)) ? run(id) : false)),
    /** Ends a run as Temporal's own UI does. */
    endInTemporal: async (id: string, reason: string): Promise<void> => {
      const row = await withWorkspace(database, WORKSPACE, (tx) => getRunSummary(tx, { runId: id }));
      await ports[0]!.terminate(row!.workflowId, reason);
    },
    /** What the API does every 15 seconds. */
    closeEnded: (since: Date) => closeEnded(deps[0]!, since),
    restartWorker: async () => {
      await worker.dispose();
      await sleep(50);
      worker = await begin(taskQueue);
    },
    dispose: async () => {
      for (const port of ports) await port.close();
      await database.close();
      await worker.dispose();
      await stored.drop();
    },
  };
}

export type Operators = Awaited<ReturnType<typeof startOperators>>;
