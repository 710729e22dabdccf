import { describe, expect, it } from 'vitest';
import { judge } from './preconditions.ts';

describe('judge', () => {
  it.each([
    [{}, null, 'absent'],
    [{}, '"a"', 'absent'],
    [{ ifMatch: '"a"' }, '"a"', 'met'],
    [{ ifMatch: 'W/"a"' }, '"a"', 'met'],
    [{ ifMatch: '"b", "a"' }, '"a"', 'met'],
    [{ ifMatch: '"b"' }, '"a"', 'failed'],
    [{ ifMatch: 'a' }, '"a"', 'failed'],
    [{ ifMatch: '"a"' }, null, 'failed'],
    [{ ifMatch: '*' }, '"a"', 'met'],
    [{ ifMatch: '*' }, null, 'failed'],
    [{ ifNoneMatch: '*' }, null, 'met'],
    [{ ifNoneMatch: '*' }, '"a"', 'failed'],
    [{ ifMatch: '"a"', ifNoneMatch: '*' }, '"a"', 'failed'],
  ] as const)('%j on %s: %s', (preconditions, etag, verdict) => {
    expect(judge(preconditions, etag)).toBe(verdict);
  });
});
