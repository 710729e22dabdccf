import { expect, it } from 'vitest';
import type { Crashes } from '../../db/index.ts';
import { createCreator } from './creator.ts';
import type { ThreadEnd, WorkflowThread } from './thread.ts';

/** A creator with threads that end when told, and counts in memory. */
async function setUp() {
  const threads: { thread: WorkflowThread; runs: string[]; destroyed: boolean; die(workflowId?: string): void }[] = [];
  const counts = new Map<string, Crashes>();
  const ended: string[] = [];
  const answers = new Map<string, object>();
  const startThread = async (alone: boolean, onEnd: (end: ThreadEnd) => void): Promise<WorkflowThread> => {
    const entry = { runs: [] as string[], destroyed: false } as (typeof threads)[number];
    entry.thread = {
      alone,
      ended: false,
      busy: () => false,
      create: async ({ info }) => {
        entry.runs.push(info.workflowId);
        return {
          activate: async () => answers.get(info.workflowId) ?? { successful: {} },
          getAndResetSinkCalls: async () => [],
          dispose: async () => undefined,
        };
      },
      destroy: async () => {
        entry.destroyed = true;
      },
    };
    entry.die = (workflowId) => onEnd({ thread: entry.thread, workflowId, reason: 'heap' });
    threads.push(entry);
    return entry.thread;
  };
  const of = (workflowId: string): Crashes => counts.get(workflowId) ?? { total: 0, alone: 0 };
  const deaths = {
    of: async ({ workflowId }: { workflowId: string }) => of(workflowId),
    add: async (workflowId: string, alone: boolean) => {
      const now = { total: of(workflowId).total + 1, alone: of(workflowId).alone + Number(alone) };
      counts.set(workflowId, now);
      return now;
    },
  };
  const endRun = async (workflowId: string): Promise<void> => void ended.push(workflowId);
  const log = { info: () => undefined, warn: () => undefined };
  const creator = await createCreator({ startThread, deaths, endRun, log }, []);
  const create = (workflowId: string) => creator.createWorkflow({ info: { workflowId } } as never);
  return { threads, of, ended, answers, create };
}

it('keeps all runs in one thread, and starts another one when it has ended', async () => {
  const { threads, create, of } = await setUp();
  await create('a');
  await create('b');
  threads[0]!.die('b');
  await create('a');
  expect(threads.map(({ runs, thread }) => [runs, thread.alone])).toEqual([
    [['a', 'b'], false],
    [['a'], false],
  ]);
  expect([of('a'), of('b')]).toEqual([
    { total: 0, alone: 0 },
    { total: 1, alone: 0 },
  ]);
});

it('gives a suspect a thread of its own, and ends it only when that has ended twice', async () => {
  const { threads, create, ended } = await setUp();
  await create('bad');
  threads[0]!.die('bad');
  for (const thread of [1, 2]) {
    await create('bad');
    expect(threads[thread]).toMatchObject({ runs: ['bad'], thread: { alone: true } });
    expect(ended).toEqual([]);
    threads[thread]!.die('bad');
  }
  await expect.poll(() => ended).toEqual(['bad']);
  await expect(create('bad')).rejects.toThrow('it is being ended');
});

it('never ends a run that was only in company when threads ended', async () => {
  const { threads, create, ended, of } = await setUp();
  for (let death = 0; death < 5; death++) {
    await create(`other-${death}`);
    threads.findLast(({ thread }) => !thread.alone)!.die('innocent');
  }
  expect(of('innocent')).toEqual({ total: 5, alone: 0 });
  const innocent = await create('innocent');
  expect(await innocent.activate({})).toEqual({ successful: {} });
  expect(ended).toEqual([]);
});

it('counts a workflow task that fails by a fault of ours, but not one that waits for a newer worker', async () => {
  const { create, answers, of } = await setUp();
  const failed = (message: string) => ({ failed: { failure: { message } } });
  answers.set('mistaken', failed('a mistake of ours'));
  answers.set('newer', failed('This worker does not know interpreter version 9.'));
  answers.set('changed', failed('[TMPRL1100] Nondeterminism error'));
  const ids = ['mistaken', 'newer', 'changed'];
  for (const id of ids) await (await create(id)).activate({});
  expect(ids.map((id) => of(id).total)).toEqual([1, 0, 0]);
});

it('lets more suspects than threads take turns, and gives a thread back that nobody needs', async () => {
  const { threads, create } = await setUp();
  const suspects = ['s1', 's2', 's3', 's4', 's5'];
  for (const id of suspects) {
    threads.findLast(({ thread }) => !thread.alone)!.die(id);
    await create('innocent');
  }
  const created = [];
  for (const id of suspects) created.push(await create(id));
  const alone = threads.filter(({ thread }) => thread.alone);
  expect(alone.map(({ runs, destroyed }) => [runs[0], destroyed])).toEqual([
    ['s1', true],
    ['s2', false],
    ['s3', false],
    ['s4', false],
    ['s5', false],
  ]);
  await created[4]!.dispose();
  expect(alone[4]!.destroyed).toBe(true);
});
