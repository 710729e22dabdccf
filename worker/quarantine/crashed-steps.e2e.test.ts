/** A step that ends its process is found and fails, while the steps beside it go on. The worker really dies here. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { until } from '../../embedded/process/wait.ts';
import { defineNode } from '../../integrations/define.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { type TemporaryFolder, temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { type KeptWorker, keepWorkerProcess } from '../testing/process.ts';
import { type RunOptions, resultOf, startTestWorker, type TestWorker } from '../testing/worker.ts';

const PROGRAM = fileURLToPath(new URL('../testing/hostile-main.ts', import.meta.url));

/** How the process ends: for Temporal and for us, one way is like the other. */
const HOW = process.env.BLOK_KILLS === 'all' ? ['kill', 'abort'] : ['kill'];

/** Each loss of a worker is noticed after ten seconds. */
const SLOW = { timeout: 200_000 };

/** What the graphs need to know of the steps in `hostile-activities.ts`. */
const nodes = [
  { type: 'test.killer', input: z.object({ how: z.string() }) },
  { type: 'test.neighbour', input: z.object({ ms: z.int() }) },
].map(({ type, input }) =>
  defineNode({
    type,
    title: type,
    description: 'For this test.',
    version: '1.0.0',
    effect: 'idempotent',
    timeout: '10m',
    retry: { maxAttempts: 5, delay: '100ms', factor: 1, maxDelay: '100ms', attemptTimeout: '1m' },
    input: input as never,
    output: z.unknown(),
    examples: [],
    run: () => Promise.reject(new Error('runs in the other process')),
  }),
);

const step = (uses: string, given: object, more: object = {}): string =>
  JSON.stringify({ blok: 1, name: 'crashes', nodes: { s: { uses, with: given, ...more } }, output: 'ended' });

describeWith(['temporal'], 'a step that ends its process', () => {
  let test: TestWorker;
  let folder: TemporaryFolder;
  let worker: KeptWorker;
  const notes = () => join(folder.path, 'notes');

  beforeAll(async () => {
    folder = temporaryFolder('crashes');
    writeFileSync(notes(), '');
    test = await startTestWorker({ nodes });
    const env = { BLOK_TEST_NOTES: notes(), BLOK_TEST_QUEUE: `${test.taskQueue}-hostile` };
    worker = await keepWorkerProcess(test.databaseUrl, { program: PROGRAM, env });
  });
  afterAll(async () => {
    await worker?.stop();
    await test?.dispose();
    folder?.remove();
  });

  const start = (graph: string, options: RunOptions = {}): Promise<WorkflowHandle> =>
    test.start(graph, { ...options, start: { taskQueue: `${test.taskQueue}-hostile` } });
  const attemptsOf = ({ workflowId }: WorkflowHandle): number =>
    readFileSync(notes(), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(workflowId.split('/').at(-1)!)).length;

  it.each(HOW)('fails after three times, and its neighbours succeed: %s', SLOW, async (how) => {
    const endsBefore = worker.ends();
    const neighbours = await Promise.all(
      [2, 2, 5, 5].map((maxAttempts) => start(step('test.neighbour', { ms: 3_000 }, { retry: { maxAttempts } }))),
    );
    const killer = await start(step('test.killer', { how }));
    expect(await resultOf(killer)).toMatchObject({
      status: 'failed',
      error: { code: 'step.crashed', step: 's', attempts: 3, unknown: true },
    });
    expect(attemptsOf(killer)).toBe(3);
    for (const neighbour of neighbours) expect(await resultOf(neighbour)).toMatchObject({ status: 'succeeded' });
    // The third time, nobody else was in the process.
    expect(worker.ends() - endsBefore).toBe(2);
  });

  it('is not one whose worker is killed from outside, however often', SLOW, async () => {
    const innocent = await start(step('test.neighbour', { ms: 6_000 }));
    for (let kill = 1; kill <= 4; kill++) {
      await until(() => attemptsOf(innocent) >= kill && worker.up(), { withinMs: 40_000 });
      process.kill(worker.pid(), 'SIGKILL');
    }
    expect(await resultOf(innocent)).toMatchObject({ status: 'succeeded' });
  });

  it('may be a workflow task, too: then its run is ended', SLOW, async () => {
    const endsBefore = worker.ends();
    const bystander = await start(step('test.neighbour', { ms: 3_000 }));
    const attacker = await start(step('test.neighbour', { ms: 600_000 }), { input: { attack: 'process' } });
    await until(async () => (await attacker.describe()).status.name !== 'RUNNING', { withinMs: 150_000 });
    await expect(attacker.result()).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/^run\.crashed: /) },
    });
    expect(worker.ends() - endsBefore).toBe(3);
    expect(await resultOf(bystander)).toMatchObject({ status: 'succeeded' });
  });
});
