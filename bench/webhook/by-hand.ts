import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '../../embedded/boot/node-flags.mjs';
import { freePort } from '../../embedded/process/ports.ts';
import { startServerProcess } from '../../embedded/process/server-process.ts';
import { until } from '../../embedded/process/wait.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import type { Contender, Running } from '../beside/contender.ts';
import type { BenchServers } from '../servers.ts';
import { callOf, type Sets } from './work.ts';

const PROGRAM = fileURLToPath(new URL('by-hand-server.ts', import.meta.url));

/** How long bundling the workflow and starting the worker may take. */
const READY_MS = 120_000;

/**
 * The same work as a Temporal developer writes it: an HTTP server that starts a workflow and answers with its result. It runs
 * on the Temporal server of Blok, with Blok's settings of the worker, and knows no runs, webhooks or records.
 */
export async function startByHand(servers: BenchServers): Promise<Running & { of: (sets: Sets) => Contender }> {
  const folder = temporaryFolder('bench-by-hand');
  const port = await freePort();
  const settings = {
    BENCH_PORT: String(port),
    TEMPORAL_ADDRESS: servers.address,
    DATABASE_URL: await servers.makeDatabase('by_hand'),
  };
  const server = await startServerProcess({
    name: 'Temporal by hand',
    file: process.execPath,
    args: [...NODE_FLAGS, PROGRAM],
    env: { ...process.env, ...settings },
    logFile: join(folder.path, 'by-hand.log'),
  });
  const stop = async () => {
    await server.stop();
    folder.remove();
  };
  const urlOf = (sets: Sets) => `http://127.0.0.1:${port}/${sets}`;
  const answers = () =>
    fetch(urlOf(1), { method: 'POST', body: '{}' }).then(
      ({ ok }) => ok,
      () => undefined,
    );
  const ready = await until<string | true>(async () => server.end() ?? ((await answers()) || undefined), {
    withinMs: READY_MS,
    everyMs: 500,
  });
  if (ready !== true) {
    await stop();
    throw new Error(`Temporal by hand does not answer:\n${server.tail()}`);
  }
  return {
    of: (sets) => ({
      name: 'Temporal by hand',
      call: callOf(urlOf(sets), sets),
      pids: { 'HTTP and worker': server.pid, Temporal: servers.temporalPid },
    }),
    stop,
  };
}
