/** The program of `by-hand.ts`: an HTTP server and a worker, which answers each POST with the result of a run. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { startGraphWorker } from '../../worker/testing/graph-worker.ts';
import type { Greeted, setsByHand } from '../interpreter/by-hand.ts';
import { bundleByHand } from '../interpreter/by-hand-bundle.ts';

const { BENCH_PORT, TEMPORAL_ADDRESS, DATABASE_URL } = process.env as Record<string, string>;

const { client, taskQueue, dispose } = await startGraphWorker({
  address: TEMPORAL_ADDRESS!,
  databaseUrl: DATABASE_URL!,
  workflowBundle: await bundleByHand(),
});

const run = (body: Greeted, sets: number): Promise<unknown> =>
  client.workflow.execute<typeof setsByHand>('setsByHand', {
    workflowId: `by-hand/${randomUUID()}`,
    taskQueue,
    args: [{ body, sets }],
    requestEagerStart: true,
  });

const server = createServer(async (request, response) => {
  const result = await run((await json(request)) as Greeted, Number(request.url!.slice(1)));
  response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
});
server.listen(Number(BENCH_PORT), '127.0.0.1');
process.once('SIGTERM', async () => {
  server.close();
  server.closeAllConnections();
  await dispose();
  process.exit(0);
});
