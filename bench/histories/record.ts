/**
 * Records the histories that workflows/replay.test.ts replays, on its own servers. Run it to keep the histories of a
 * released interpreter, or to record a new case:
 *
 *     npm run histories            all cases whose file is missing
 *     npm run histories -- NAME…   these again
 *
 * Everything that names the machine (processes, hosts, stacks) is removed.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type * as proto from '@temporalio/proto';
import type { Json } from '../../graph/json.ts';
import { type GraphWorker, startGraphWorker } from '../../worker/testing/graph-worker.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { startServers } from '../servers.ts';
import { CASES } from './cases.ts';
import { CONTROL_CASES } from './control-cases.ts';
import { expect } from './expect.ts';
import type { HistoryCase } from './history-case.ts';
import { scripted, TRIGGER_CASES, type TriggerCase } from './trigger-cases.ts';

const FOLDER = fileURLToPath(new URL('../../workflows/histories/', import.meta.url));

const CALLED = `
blok: 1
name: called
nodes: { twice: { uses: test.echo, with: { value: "\${{ input.n * 2 }}" } } }
output: "\${{ nodes.twice.value }}"
`;

const wanted = process.argv.slice(2);
const isToDo = ({ name }: { name: string }): boolean =>
  wanted.length > 0
    ? wanted.includes(name)
    : !existsSync(`${FOLDER}${name}.json`) && !existsSync(`${FOLDER}${name}.1.json`);
mkdirSync(FOLDER, { recursive: true });
await recordAll(false);
await recordAll(true, { 'limit.historyCount.suggestContinueAsNew': 40 });
process.exit(0);

async function recordAll(isShort: boolean, dynamicConfig: Record<string, number> = {}): Promise<void> {
  const isOne = (one: HistoryCase | TriggerCase): boolean => (one.short ?? false) === isShort && isToDo(one);
  const [cases, triggers] = [[...CASES, ...CONTROL_CASES].filter(isOne), TRIGGER_CASES.filter(isOne)];
  if (cases.length + triggers.length === 0) return;
  const servers = await startServers({ dynamicConfig });
  try {
    const script = scripted(triggers);
    const own = { nodes: testNodes().nodes, activities: script.activities, taskQueue: 'histories' };
    const worker = await startGraphWorker({ ...servers, ...own });
    await worker.publish(CALLED);
    for (const each of cases) {
      await record(worker, each);
      console.log(each.name);
    }
    for (const each of triggers) {
      const handle = await script.start(worker, each);
      await each.act?.(handle);
      await handle.result().catch(() => undefined);
      await save(each.name, handle);
      console.log(each.name);
    }
    await worker.dispose();
  } finally {
    await servers.stop();
  }
}

async function record(worker: GraphWorker, one: HistoryCase): Promise<void> {
  const { name, graph, input, taken, act, cut, children, second } = one;
  const start = (runId: string) =>
    worker.start(`blok: 1\nname: ${name}\n${graph}`, {
      ...(input === undefined ? {} : { input: input as Json }),
      ...(taken ? { taken } : {}),
      runId,
    });
  if (second) await (await start(`before-${name}`)).result();
  const handle = await start(`recorded-${name}`);
  await act?.(handle);
  if (!cut) await handle.result().catch(() => undefined);
  // The last thing the workflow did must be in history before the run is cut.
  else await expect(async () => !inTask(await handle.fetchHistory()));
  await save(name, handle);
  if (cut) await handle.terminate();
  for (const [i, child] of (children ?? []).entries())
    await save(`${name}.child${i}`, await childOf(worker, handle, child));
}

function inTask({ events }: proto.temporal.api.history.v1.IHistory): boolean {
  const last = events!.at(-1)!;
  return last.workflowTaskScheduledEventAttributes != null || last.workflowTaskStartedEventAttributes != null;
}

/** A child workflow of a run, found by a part of its id. */
async function childOf({ client }: GraphWorker, parent: WorkflowHandle, part: string): Promise<WorkflowHandle> {
  const { events } = await parent.fetchHistory();
  const ids = events!.flatMap((event) => event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId ?? []);
  const found = ids.find((id) => id.includes(part));
  if (!found) throw new Error(`${parent.workflowId} has no child ${part}; it has ${ids.join(', ')}`);
  return client.workflow.getHandle(found);
}

/** Writes the history of every execution of a run. */
async function save(name: string, handle: WorkflowHandle): Promise<void> {
  const first = (handle as { firstExecutionRunId?: string }).firstExecutionRunId;
  let runId = first ?? (await handle.describe()).runId;
  for (let segment = 1; ; segment++) {
    const history = await handle.client.getHandle(handle.workflowId, runId).fetchHistory();
    const next = history.events!.at(-1)!.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    const file = segment === 1 && !next ? `${name}.json` : `${name}.${segment}.json`;
    const text = JSON.stringify(JSON.parse(historyToJSON(history)), clean);
    writeFileSync(`${FOLDER}${file}`, `${text}\n`);
    if (!next) return;
    runId = next;
  }
}

/** Leaves out what names the machine or the process that recorded the history. */
function clean(key: string, value: unknown): unknown {
  if (key === 'identity' || key === 'workerIdentity') return 'recorder';
  // A worker's own queue is named after its process and host.
  if (typeof value === 'string' && /^\d+@/.test(value)) return 'recorder';
  if (key === 'stackTrace') return '';
  return value;
}
