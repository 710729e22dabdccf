import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { noteLocalWork } from './local-work.ts';
import { newMarkFile, openMark, readMark, takeLeftMarks } from './mark.ts';

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder('marks');
});
afterEach(() => folder.remove());

/** Leaves a mark in a process that has ended, whose number no other process has now. */
function leave(owner: string, workflowIds: readonly string[]): void {
  const mark = JSON.stringify(new URL('./mark.ts', import.meta.url).href);
  const code = `const { newMarkFile, openMark } = await import(${mark});
    openMark(newMarkFile(${JSON.stringify(folder.path)}, '${owner}')).set(${JSON.stringify(workflowIds)});
    process.kill(process.pid, 'SIGKILL');`;
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', code]).signal).toBe('SIGKILL');
}

it('says what is being worked on now, however long the names were before', () => {
  const file = newMarkFile(folder.path, 'shared');
  expect(readMark(file)).toEqual([]);
  const mark = openMark(file);
  mark.set(['default/a-very-long-name/call/1']);
  mark.set(['d/b']);
  expect(readMark(file)).toEqual(['d/b']);
  mark.set([]);
  expect(readMark(file)).toEqual([]);
});

it('is left behind by a process that is killed, and taken once', () => {
  leave('shared', ['run-in-company']);
  leave('alone', ['run-alone']);
  leave('local', ['one-of-two', 'other-of-two']);
  leave('local', ['only-one']);
  leave('shared', []);
  const taken = takeLeftMarks(folder.path);
  expect(taken.toSorted((a, b) => a.workflowId.localeCompare(b.workflowId))).toEqual([
    { workflowId: 'one-of-two', alone: false },
    { workflowId: 'only-one', alone: true },
    { workflowId: 'other-of-two', alone: false },
    { workflowId: 'run-alone', alone: true },
    { workflowId: 'run-in-company', alone: false },
  ]);
  expect(readdirSync(folder.path)).toEqual([]);
  expect(takeLeftMarks(folder.path)).toEqual([]);
});

it('holds the local activities that run, and nothing once they have ended', async () => {
  const local = noteLocalWork(folder.path);
  const [file] = readdirSync(folder.path).map((name) => `${folder.path}/${name}`);
  const { promise, resolve } = Promise.withResolvers<void>();
  const works = [local.during('a', () => promise), local.during('b', () => Promise.reject(new Error('fails')))];
  expect(readMark(file!)).toEqual(['a', 'b']);
  resolve();
  await Promise.allSettled(works);
  expect(readMark(file!)).toEqual([]);
  local.close();
  expect(readdirSync(folder.path)).toEqual([]);
});
