import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { getTrigger, parseKeyring, triggerToken, withWorkspace } from '../../../db/index.ts';
import { NODE_FLAGS } from '../../../embedded/boot/node-flags.mjs';
import { freePort } from '../../../embedded/process/ports.ts';
import { type ServerProcess, startServerProcess } from '../../../embedded/process/server-process.ts';
import { pause, until } from '../../../embedded/process/wait.ts';
import { temporaryFolder } from '../../../scripts/testing/temporary-folder.ts';
import { TEST_KEY, type TestWorker, WORKSPACE } from '../../../worker/testing/worker.ts';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));

/** An API in a process of its own. */
export interface ApiProcess {
  readonly url: string;
  /** Kills it as a crash would, and starts it again on the same port. */
  readonly crash: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Two APIs beside a test's worker, each in a process of its own. */
export interface TwoApis {
  readonly apis: readonly [ApiProcess, ApiProcess];
  /** Publishes a graph with a webhook `in`, and returns the path of its address. */
  publish(graph: { readonly name: string } & object): Promise<string>;
  /**
   * Posts to one of the two, or to the other one if that does not answer, until one of them takes it. Resolves with the
   * answer.
   */
  post(path: string, body: object, first: number): Promise<{ status: number; body: unknown }>;
  stop(): Promise<void>;
}

/** Starts both. The worker must serve the task queue `blok` of this Temporal. */
export async function startTwoApis(test: TestWorker, temporalAddress: string): Promise<TwoApis> {
  const folder = temporaryFolder('two-apis');
  const env = {
    ...process.env,
    ...{ DATABASE_URL: test.databaseUrl, TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: 'default' },
    ...{ BLOK_HOME: join(folder.path, 'home'), BLOK_SECRET_KEY: TEST_KEY },
  };
  const apis = [
    await startApi(folder.path, 'first', env),
    await startApi(folder.path, 'second', env),
  ] as const satisfies TwoApis['apis'];
  const publish: TwoApis['publish'] = async (graph) => {
    const response = await fetch(`${apis[0].url}/api/workflows/${graph.name}`, json('PUT', { graph }));
    expect([response.status, await response.text()]).toEqual([201, expect.any(String)]);
    return addressOf(test, graph.name);
  };
  return {
    apis,
    publish,
    post: (path, body, first) => posted(apis, path, body, first),
    stop: async () => {
      await Promise.all(apis.map((api) => api.stop()));
      folder.remove();
    },
  };
}

async function startApi(folder: string, name: string, env: NodeJS.ProcessEnv): Promise<ApiProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = async (): Promise<ServerProcess> => {
    const server = await startServerProcess({
      ...{ name, file: process.execPath, args: [...NODE_FLAGS, MAIN] },
      ...{ env: { ...env, PORT: String(port) }, logFile: join(folder, `${name}.log`) },
    });
    const isReady = () =>
      fetch(`${url}/api/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    if (await until(isReady, { withinMs: 60_000, everyMs: 100 })) return server;
    await server.stop();
    throw new Error(`no API:\n${server.tail()}`);
  };
  let server = await start();
  return {
    url,
    crash: async () => {
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
      server = await start();
    },
    stop: () => server.stop(),
  };
}

async function posted(apis: TwoApis['apis'], path: string, body: object, first: number) {
  for (let times = first; ; times++) {
    const response = await fetch(`${apis[times % 2]!.url}${path}`, json('POST', body)).catch(() => null);
    // Whoever is told to come again, or is not answered, comes again.
    const answer = response && response.status < 500 ? await response.text().catch(() => null) : null;
    if (response && answer !== null) return { status: response.status, body: JSON.parse(answer) as unknown };
    await pause(100);
  }
}

const json = (method: string, body: object): RequestInit => ({
  ...{ method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});

async function addressOf(test: TestWorker, workflow: string): Promise<string> {
  const token = await withWorkspace(test.database, WORKSPACE, async (tx) => {
    const { rotation, tokenKey } = (await getTrigger(tx, { workflow, id: 'in' }))!;
    return triggerToken(tx, parseKeyring(TEST_KEY), { workflow, id: 'in', rotation, tokenKey: tokenKey! });
  });
  return `/hooks/${token}`;
}
