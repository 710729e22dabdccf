/**
 * Histories recorded from this interpreter (`npm run histories`) replay on it: what it asks Temporal for, and in which
 * order, has not changed. A run in flight depends on that.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { recordedHistories } from '../scripts/release/histories.ts';
import { replayAll } from '../scripts/release/replay.ts';
import { workflowBundle } from '../worker/bundle.ts';
import { installRuntime } from '../worker/runtime.ts';
import { SCHEDULE_WORKFLOW, WATCH_WORKFLOW } from './contract.ts';

const FOLDER = fileURLToPath(new URL('histories/', import.meta.url));
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

/** Containers and control nodes, and everything else that a history must show. */
const COVERED = [
  ...['forEach', 'while', 'race', 'try', 'if', 'switch', 'wait', 'waitForEvent', 'approval', 'respond', 'stop', 'fail'],
  ...['workflow.run', 'set', 'filter', 'sort', 'aggregate', 'merge', 'limit', 'removeDuplicates', 'log'],
];

interface History {
  events: Record<string, { [field: string]: unknown }>[];
}

const read = (name: string): History => JSON.parse(readFileSync(`${FOLDER}${name}`, 'utf8'));

function startOf(history: History): { workflowId: string; input: Payload } {
  const start = history.events[0]!.workflowExecutionStartedEventAttributes as unknown as {
    workflowId: string;
    input: { payloads: Payload[] };
  };
  return { workflowId: start.workflowId, input: start.input.payloads[0]! };
}

const typeOf = (history: History): string =>
  (history.events[0]!.workflowExecutionStartedEventAttributes as unknown as { workflowType: { name: string } })
    .workflowType.name;

interface Payload {
  data: string;
}

const decode = (payload: Payload): string => Buffer.from(payload.data, 'base64').toString();

describe('recorded histories', () => {
  let bundle: WorkflowBundle;
  const problems = new Map<string, string | null>();
  beforeAll(async () => {
    installRuntime();
    bundle = await workflowBundle();
    for await (const { name, problem } of replayAll(bundle, recordedHistories(FOLDER))) problems.set(name, problem);
  }, 60_000);

  const replay = (history: History): Promise<void> =>
    Worker.runReplayHistory({ workflowBundle: bundle }, history, startOf(history).workflowId);

  it.each(files)('%s replays', (name) => {
    expect(problems.get(name)).toBeNull();
  });

  it('exist for every container and control node', () => {
    const started = files.map((name) => decode(startOf(read(name)).input)).join('\n');
    expect(COVERED.filter((uses) => !started.includes(`"uses":"${uses}"`))).toEqual([]);
  });

  it('exist for what fires schedules and for watches', () => {
    const types = files.map((name) => typeOf(read(name)));
    expect(types).toEqual(expect.arrayContaining([SCHEDULE_WORKFLOW, WATCH_WORKFLOW]));
  });

  it('say nothing about the machine that recorded them, and are small', () => {
    let size = 0;
    for (const name of files) {
      const text = readFileSync(`${FOLDER}${name}`, 'utf8');
      size += text.length;
      const decoded = [...text.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)].map(([, data]) => decode({ data: data! }));
      for (const part of [text, ...decoded]) {
        expect(part).not.toMatch(/\d+@[a-z]|"\/(?:home|root|work|tmp|Users)\/|file:\/\/\//);
      }
    }
    expect(size).toBeLessThan(2_000_000);
  });

  it('do not replay once a step has another id', async () => {
    const history = read('retry.json');
    const { input } = startOf(history);
    const plan = decode(input);
    expect(plan).toContain('"id":"flaky"');
    input.data = Buffer.from(plan.replaceAll('"id":"flaky"', '"id":"shaky"')).toString('base64');
    await expect(replay(history)).rejects.toThrow(DeterminismViolationError);
  });

  it('do not replay once a step has another type', async () => {
    const history = read('if-switch.json');
    const scheduled = history.events.find((event) => event.activityTaskScheduledEventAttributes)!;
    (scheduled.activityTaskScheduledEventAttributes!.activityType as { name: string }).name = 'kv.get';
    await expect(replay(history)).rejects.toThrow(DeterminismViolationError);
  });
});
