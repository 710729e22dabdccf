import { randomBytes } from 'node:crypto';
import { runIdOf, workflowIdOf } from '../../db/index.ts';
import { type GraphWorker, signed, startGraphWorker } from '../../worker/testing/graph-worker.ts';
import { type RunResult, type StartInput, searchAttributesOf, workflowType } from '../../workflows/contract.ts';
import { writeResults } from '../results.ts';
import { type BenchServers, startServers } from '../servers.ts';
import { type ByHandWorker, startByHandWorker } from './by-hand-worker.ts';
import { type Comparison, compare, type Starter } from './measure.ts';
import { noop } from './noop.ts';
import { gatesOf, render } from './report.ts';
import { noopNode, SHAPES, type Shape } from './shapes.ts';

const REPEATS = 7;

/**
 * Compares graphs with the same work written by hand as Temporal workflows: one server, one process, the same settings of the
 * workers, the same activity with the same options, eager start on both sides.
 *
 * @returns false if a gate is not met
 */
export async function benchInterpreter(options: {
  quick: boolean;
  shapes?: readonly string[];
  write: boolean;
}): Promise<boolean> {
  const servers = await startServers();
  try {
    const workers = await benchWorkers(servers);
    const comparisons: Comparison[] = [];
    for (const name of options.shapes ?? Object.keys(SHAPES)) {
      const shape = SHAPES[name];
      if (!shape) throw new Error(`No shape ${name}; there are ${Object.keys(SHAPES).join(', ')}.`);
      const sides = { ours: graphStarter(workers.ours, shape), byHand: handStarter(workers.byHand, shape) };
      comparisons.push(await compare(workers.ours.client, servers, shape, sides, options.quick ? 2 : REPEATS));
      console.error(`${shape.name} measured`);
    }
    await workers.ours.dispose();
    await workers.byHand.dispose();
    const table = render(comparisons);
    console.log(table);
    if (options.write) writeResults('interpreter', table);
    const missed = gatesOf(comparisons);
    for (const line of missed) console.error(`gate not met: ${line}`);
    return missed.length === 0;
  } finally {
    await servers.stop();
  }
}

/** Two workers in this process: Blok's, and the SDK's own for the workflows written by hand. */
async function benchWorkers(servers: BenchServers): Promise<{ ours: GraphWorker; byHand: ByHandWorker }> {
  const { address, databaseUrl } = servers;
  const activities = { 'bench.noop': noop };
  const ours = await startGraphWorker({ address, databaseUrl, nodes: [noopNode], activities });
  return { ours, byHand: await startByHandWorker(address, activities) };
}

function graphStarter(worker: GraphWorker, shape: Shape): Starter {
  // A large plan is stored once, when a version is published; runs refer to it.
  const prepared = worker.prepare(shape.graph);
  return async () => {
    const { workspace, workflow } = await prepared;
    const workflowId = workflowIdOf({ workspace, workflow, trigger: null, key: randomBytes(8).toString('hex') });
    const input: StartInput = { ...(await prepared), runId: runIdOf(workflowId) };
    const handle = await worker.client.workflow.start(workflowType(workflow), {
      workflowId,
      taskQueue: worker.taskQueue,
      args: [signed(input, workflowId)],
      searchAttributes: searchAttributesOf(input),
      requestEagerStart: true,
    });
    const { output } = (await handle.result()) as RunResult;
    return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId, result: output };
  };
}

function handStarter({ client, taskQueue }: ByHandWorker, { byHand }: Shape): Starter {
  return async () => {
    const handle = await client.workflow.start(byHand.type, {
      workflowId: `by-hand/${randomBytes(8).toString('hex')}`,
      taskQueue,
      args: [byHand.input],
      requestEagerStart: true,
    });
    return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId, result: await handle.result() };
  };
}
