import { expect, it } from 'vitest';
import { type FileResult, type ProjectResult, resultOf } from './report.ts';
import { repeatFailed } from './second-run.ts';
import { totalsOf } from './totals.ts';

const file = (name: string, failed = 0): FileResult => ({ file: name, ms: 1, passed: 2, failed, skipped: [] });
const project = (name: string, files: readonly FileResult[], errors = 0): ProjectResult =>
  resultOf(name, { files, errors }, errors > 0 || files.some(({ failed }) => failed > 0) ? 1 : 0);

it('runs each failed file once more, on its own, and counts the new result', async () => {
  const first = [project('unit', [file('good'), file('shaky', 1)]), project('e2e', [file('broken', 1)])];
  const asked: string[] = [];
  const { results, flaky } = await repeatFailed(first, async (name, path) => {
    asked.push(`${name} ${path}`);
    return project(name, [file(path, path === 'broken' ? 1 : 0)]);
  });
  expect(asked).toEqual(['unit shaky', 'e2e broken']);
  expect(flaky).toEqual(['shaky']);
  expect(results.map((result) => totalsOf(result).failed)).toEqual([0, 1]);
});

it('does not count a file as fixed if it ran no test, or if its run failed in another way', async () => {
  const first = [project('e2e', [file('empty', 1), file('crashing', 1)])];
  const { flaky } = await repeatFailed(first, async (name, path) =>
    path === 'empty' ? project(name, [{ ...file(path), passed: 0 }]) : project(name, [file(path)], 1),
  );
  expect(flaky).toEqual([]);
});

it('does not excuse failures that belong to no file', async () => {
  const first = [project('unit', [file('shaky', 1)], 1)];
  const { results } = await repeatFailed(first, async (name, path) => project(name, [file(path)]));
  expect(totalsOf(results[0]!).failed).toBe(1);
});

it('repeats nothing if more files failed than can fail by chance', async () => {
  const files = Array.from({ length: 11 }, (_, n) => file(`${n}`, 1));
  const first = [project('unit', files)];
  const { results, flaky } = await repeatFailed(first, () => Promise.reject(new Error('must not run')));
  expect(results).toEqual(first);
  expect(flaky).toEqual([]);
});
