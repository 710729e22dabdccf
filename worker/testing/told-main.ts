/**
 * A worker as a process of its own that tells a test where each node is, and goes on when the test answers: so a test can kill the
 * worker before a node has had its effect, or after it and before anybody knows.
 */
import { runNode } from '../../activities/node/run-node.ts';
import { loadKeyring } from '../../db/index.ts';
import type { NodeContext } from '../../integrations/context.ts';
import type { NodeType } from '../../integrations/define.ts';
import { findNode } from '../../integrations/index.ts';
import { runMain, temporalOf } from '../../settings/environment.ts';
import { optionsOf, readEnvironment, type WorkerEnvironment } from '../config.ts';
import { connectTemporal } from '../connect.ts';
import { startWorker } from '../run.ts';
import { installRuntime } from '../runtime.ts';

const { BLOK_TEST_TOLD, BLOK_TEST_QUEUE } = process.env as Record<string, string>;

/** Returns when the test lets the node go on. */
const tell = (moment: 'begun' | 'done', { runId, attempt }: NodeContext): Promise<unknown> =>
  fetch(`${BLOK_TEST_TOLD}/${moment}/${runId}/${attempt}`, { method: 'POST' });

/** Without its queue: nodes that wait for the test take no turns from each other. */
const told = ({ queue: _, ...node }: NodeType): NodeType => ({
  ...node,
  async run(ctx, input) {
    await tell('begun', ctx);
    const output = await node.run(ctx, input);
    await tell('done', ctx);
    return output;
  },
});

const find: typeof findNode = (type, major) => {
  const node = findNode(type, major);
  return node && told(node);
};

async function main(env: WorkerEnvironment): Promise<void> {
  installRuntime();
  const keyring = await loadKeyring({ home: env.BLOK_HOME, secretKey: env.BLOK_SECRET_KEY });
  const connection = await connectTemporal(temporalOf(env));
  const log = { info: console.log, warn: console.log };
  const worker = await startWorker({
    ...optionsOf(env),
    connection,
    keyring,
    log,
    taskQueue: BLOK_TEST_QUEUE!,
    activities: (deps) => ({ default: (request: never) => runNode(deps, request, find) }),
  });
  console.log('worker is polling');
  process.once('SIGTERM', () => void worker.stop());
  await worker.ended;
  process.exit(0);
}

await runMain('The worker', readEnvironment, main);
