import { expect, it } from 'vitest';
import type { StepRecord } from '../run-state/index.ts';
import { compareRuns } from './compare.ts';

const step = (path: string, more: Partial<StepRecord> = {}): StepRecord => ({
  ...{ path, node: path, type: 't.do', status: 'succeeded', port: 'out', attempts: 1, output: { n: 1 } },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:01.000Z', ...more },
});

it('compares two runs step by step: what differs, and what only one of them has', () => {
  const left = [step('a'), step('b', { output: { n: 1, m: 2 } }), step('gone')];
  const right = [step('a', { endedAt: '2026-01-01T00:00:03.000Z' }), step('b', { attempts: 2 }), step('new')];
  expect(compareRuns(left, right)).toEqual([
    { path: 'a', change: 'same', fields: [], leftMs: 1_000, rightMs: 3_000 },
    { path: 'b', change: 'differs', fields: ['output', 'attempts'], leftMs: 1_000, rightMs: 1_000 },
    { path: 'gone', change: 'only-left', fields: [], leftMs: 1_000, rightMs: null },
    { path: 'new', change: 'only-right', fields: [], leftMs: null, rightMs: 1_000 },
  ]);
});

it('compares stored outputs by their hash, and errors by what they say', () => {
  const at = (sha256: string) => step('a', { outputRef: { sha256, size: 1 } });
  expect(compareRuns([at('x')], [at('x')])[0]!.change).toBe('same');
  expect(compareRuns([at('x')], [at('y')])[0]!.fields).toEqual(['output']);
  const failed = (step: string) =>
    ({ error: { code: 'c', message: 'm', step, node: step, attempts: 1, unknown: false } }) as Partial<StepRecord>;
  expect(compareRuns([step('a', failed('x'))], [step('a', failed('y'))])[0]!.change).toBe('same');
});
