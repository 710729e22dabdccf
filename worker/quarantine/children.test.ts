import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { type Beat, ChildDied, ChildNotStarted, type Children, createChildren } from './children.ts';
import type { Job } from './messages.ts';

/** Speaks as `child.ts` does: does what its input says. */
const PROGRAM = `
const say = (message) => process.send(message);
let hangs = false;
process.on('message', ({ type, job }) => {
  if (type === 'open') return say({ type: 'ready' });
  if (type === 'cancel') return hangs || say({ type: 'failed', failure: { message: 'cancelled', applicationFailureInfo: {} } });
  if (job.input === 'die') process.kill(process.pid, 'SIGKILL');
  if (job.input === 'exit') process.exit(3);
  if (job.input === 'note') { say({ type: 'beat', details: { untouched: 2 } }); say({ type: 'beat', details: { untouched: 3 } }); say({ type: 'done', result: 'noted' }); }
  if (job.input === 'fail') say({ type: 'failed', failure: { message: 'refused', applicationFailureInfo: { type: 'a.b' } } });
  if (job.input === 'pid') say({ type: 'done', result: process.pid });
});`;

let folder: TemporaryFolder;
let children: Children;
beforeAll(() => {
  folder = temporaryFolder('children');
  writeFileSync(join(folder.path, 'program.mjs'), PROGRAM);
});
afterAll(() => folder.remove());
afterEach(() => children.close());

const open = (): Children => {
  children = createChildren({} as never, pathToFileURL(join(folder.path, 'program.mjs')));
  return children;
};
const never = new AbortController().signal;
const run = async (input: string, signal = never, beat: Beat = () => undefined): Promise<unknown> => {
  const child = await children.take(5_000);
  return child!.run({ activity: 'default', input, info: {} } as Job, signal, beat);
};

it('uses a process again that has survived', async () => {
  open();
  const first = await run('pid');
  expect(first).not.toBe(process.pid);
  expect(await run('pid')).toBe(first);
  await expect(run('fail')).rejects.toMatchObject({ message: 'refused', type: 'a.b' });
  expect(await run('pid')).toBe(first);
});

it('passes on what an activity notes for its next attempt, in order, and then its result', async () => {
  open();
  const notes: unknown[] = [];
  expect(await run('note', never, (details) => notes.push(details))).toBe('noted');
  expect(notes).toEqual([{ untouched: 2 }, { untouched: 3 }]);
  // The process is used again, and nobody listens any more who is done.
  expect(await run('note')).toBe('noted');
  expect(notes).toHaveLength(2);
});

it('tells of a process that has ended, and starts another one', async () => {
  open();
  const first = await run('pid');
  await expect(run('die')).rejects.toEqual(new ChildDied('killed by SIGKILL'));
  const second = await run('pid');
  expect(second).not.toBe(first);
  await expect(run('exit')).rejects.toEqual(new ChildDied('exit code 3'));
});

it('tells a process that could not start from one that was ended by an activity', async () => {
  children = createChildren({} as never, pathToFileURL(join(folder.path, 'missing.mjs')));
  await expect(run('pid')).rejects.toBeInstanceOf(ChildNotStarted);
});

it('has three at most, and says after a while that none is free', async () => {
  open();
  const stop = new AbortController();
  const waiting = [1, 2, 3].map(() => run('wait', stop.signal).catch((error: Error) => error.message));
  expect(await children.take(50)).toBeUndefined();
  const next = children.take(5_000);
  stop.abort();
  expect(await Promise.all(waiting)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  expect(
    await (await next)!.run({ activity: 'default', input: 'pid', info: {} } as Job, never, () => undefined),
  ).toBeGreaterThan(0);
});
