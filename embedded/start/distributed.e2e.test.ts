/**
 * The production layout without containers: Postgres, a Temporal server 1.32 on it, two APIs and two workers, each in
 * its own process. One API and one worker are killed while runs are in progress.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../db/migrate/migrate.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { serverPrograms, startTemporalServer, type TemporalServer } from '../../scripts/testing/temporal/server.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { NODE_FLAGS } from '../boot/node-flags.mjs';
import { ensureDatabase, type PostgresServer, startPostgres } from '../postgres/server.ts';
import { freePort } from '../process/ports.ts';
import { type ServerProcess, startServerProcess } from '../process/server-process.ts';
import { until } from '../process/wait.ts';

const folder = temporaryFolder('distributed');
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Tells the recorder about each of six rounds, a second apart. */
const GRAPH = {
  blok: 1,
  name: 'rounds',
  input: { type: 'object', required: ['recorder', 'run'] },
  nodes: {
    rounds: {
      uses: 'while',
      with: { state: { done: 0 }, test: '${{ state.done < 6 }}' },
      nodes: {
        pause: { uses: 'wait', with: { for: '1s' } },
        tell: {
          uses: 'http.request',
          needs: ['pause'],
          with: { method: 'PUT', url: '${{ input.recorder }}/${{ input.run }}/${{ index }}' },
        },
      },
      output: '${{ { done: state.done + 1 } }}',
    },
  },
  output: '${{ nodes.rounds.done }}',
};

let postgres: PostgresServer;
let temporal: TemporalServer;
let recorder: Server;
let recorderUrl: string;
let seen: { path: string; key: string }[];
let env: NodeJS.ProcessEnv;
const processes: ServerProcess[] = [];

async function start(name: string, file: string, more: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  const server = await startServerProcess({
    name,
    file: process.execPath,
    args: [...NODE_FLAGS, join(root, file)],
    env: { ...process.env, ...env, ...more },
    logFile: join(folder.path, `${name}.log`),
  });
  processes.push(server);
  return server;
}

/** @returns what a program that ends by itself prints */
async function run(file: string): Promise<string> {
  const args = [...NODE_FLAGS, join(root, file)];
  const options = { env: { ...process.env, ...env } };
  return promisify(execFile)(process.execPath, args, options).then(
    ({ stdout }) => stdout.trim(),
    ({ stdout }: { stdout: string }) => stdout.trim(),
  );
}

async function startApi(name: string) {
  const port = await freePort();
  const server = await start(name, 'api/main.ts', { PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;
  const ready = await until(
    () =>
      fetch(`${url}/api/health/ready`).then(
        ({ status }) => status === 200,
        () => false,
      ),
    { withinMs: 60_000, everyMs: 200 },
  );
  if (!ready) throw new Error(`${name} is not ready:\n${server.tail()}`);
  return { server, url };
}

interface Run {
  readonly id: string;
  readonly status: string;
  readonly output: unknown;
}

async function begin(api: string, number: number): Promise<Run> {
  const response = await fetch(`${api}/api/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `distributed-${number}` },
    body: JSON.stringify({ graph: GRAPH, input: { recorder: recorderUrl, run: String(number) } }),
  });
  expect(response.status, await response.clone().text()).toBeLessThan(300);
  return (await response.json()) as Run;
}

async function ended(api: string, id: string): Promise<Run> {
  const run = await until(
    async () => {
      const now = (await (await fetch(`${api}/api/runs/${id}`)).json()) as Run;
      return now.status !== 'running' && now.status !== 'waiting' && now;
    },
    { withinMs: 90_000, everyMs: 250 },
  );
  if (!run) throw new Error(`Run ${id} has not ended`);
  return run;
}

describeWith(['temporal-server'], 'the distributed layout', () => {
  beforeAll(async () => {
    seen = [];
    recorder = createServer((request, response) => {
      seen.push({ path: request.url!, key: String(request.headers['idempotency-key']) });
      response.end('{}');
    });
    const recorderPort = await freePort();
    await new Promise<void>((resolve) => recorder.listen(recorderPort, '127.0.0.1', resolve));
    recorderUrl = `http://127.0.0.1:${recorderPort}`;
    postgres = await startPostgres({
      folder: join(folder.path, 'postgres'),
      port: await freePort(),
      logFile: join(folder.path, 'postgres.log'),
      durable: false,
      maxConnections: 200,
    });
    await ensureDatabase(postgres, 'blok');
    await migrate(postgres.url('blok'));
    const programs = await serverPrograms();
    temporal = await startTemporalServer({ programs, postgresUrl: postgres.url('postgres'), folder: folder.path });
    env = {
      DATABASE_URL: postgres.url('blok'),
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: 'default',
      BLOK_HOME: join(folder.path, 'home'),
      BLOK_SECRET_KEY: randomBytes(32).toString('base64'),
      BLOK_ALLOW_HOSTS: `127.0.0.1:${recorderPort}`,
    };
  }, 180_000);

  afterAll(async () => {
    await Promise.all(processes.map((server) => server.stop()));
    await temporal?.process.stop();
    await postgres?.process.stop();
    recorder?.close();
    folder.remove();
  });

  it('finishes every run, with every effect, when one worker and one API are killed', {
    timeout: 240_000,
  }, async () => {
    // As the containers do: prepares the user's cluster, and checks the health of a worker.
    expect(await run('scripts/deploy/prepare-temporal.ts')).toMatch(/is ready: namespace default, search attributes/);
    const [one, two] = await Promise.all([startApi('api-1'), startApi('api-2')]);
    const workers = await Promise.all([start('worker-1', 'worker/main.ts'), start('worker-2', 'worker/main.ts')]);
    const polling = () => run('scripts/deploy/worker-health.ts').then((said) => said === 'polling');
    expect(await until(polling, { withinMs: 60_000, everyMs: 500 })).toBe(true);
    const runs = await Promise.all(
      Array.from({ length: 12 }, (_, index) => begin(index % 2 === 0 ? one.url : two.url, index)),
    );
    // In the middle: every run has reported a round, and none has reported its last.
    const middle = () => new Set(seen.map(({ path }) => path.split('/')[1])).size === runs.length;
    expect(await until(middle, { withinMs: 90_000 })).toBe(true);
    process.kill(workers[0].pid, 'SIGKILL');
    process.kill(one.server.pid, 'SIGKILL');
    await Promise.all([workers[0].ended, one.server.ended]);
    expect(seen.length).toBeLessThan(runs.length * 6);

    const results = await Promise.all(runs.map(({ id }) => ended(two.url, id)));
    expect(results.map(({ status, output }) => ({ status, output }))).toEqual(
      runs.map(() => ({ status: 'succeeded', output: 6 })),
    );
    const expected = runs.flatMap((_, run) => Array.from({ length: 6 }, (__, round) => `/${run}/${round}`));
    expect([...new Set(seen.map(({ path }) => path))].sort()).toEqual(expected.sort());
    // A call that the killed worker had begun may have been repeated, but then under the same key.
    expect(new Set(seen.map(({ path, key }) => `${path} ${key}`)).size).toBe(expected.length);
    // A run that was started by the killed API is the same run for the other API.
    expect((await begin(two.url, 0)).id).toBe(runs[0]!.id);
  });
});
