import { describe, expect, it } from 'vitest';
import { type FileResult, resultOf } from './report.ts';
import { closingLine, slowestFiles, totalsOf } from './totals.ts';

const file = (facts: Partial<FileResult> = {}): FileResult => ({
  file: 'a.test.ts',
  ms: 1,
  passed: 1,
  failed: 0,
  skipped: [],
  ...facts,
});

describe('totalsOf', () => {
  it('counts tests and names the skipped ones with their reason', () => {
    const files = [file({ failed: 1 }), file({ passed: 3, skipped: ['browser [skipped: no Chromium] > opens'] })];
    expect(totalsOf(resultOf('e2e', { files, errors: 0 }, 1))).toEqual({
      passed: 4,
      failed: 1,
      skipped: ['e2e: browser [skipped: no Chromium] > opens'],
    });
  });

  it('fails when Vitest failed without a failed test, or without a report', () => {
    expect(totalsOf(resultOf('unit', { files: [file()], errors: 0 }, 1)).failed).toBe(1);
    expect(totalsOf(resultOf('unit', undefined, null))).toEqual({ passed: 0, failed: 1, skipped: [] });
    expect(totalsOf(resultOf('unit', { files: [file()], errors: 0 }, 0)).failed).toBe(0);
  });

  it('counts errors outside of all tests in addition to failed tests', () => {
    expect(totalsOf(resultOf('unit', { files: [file({ failed: 1 })], errors: 2 }, 1)).failed).toBe(3);
  });
});

describe('slowestFiles', () => {
  it('lists ten, the slowest first', () => {
    const files = Array.from({ length: 12 }, (_, n) => file({ file: `${n}.test.ts`, ms: n * 1500 }));
    const lines = slowestFiles([resultOf('unit', { files, errors: 0 }, 0)]);
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('16.5 s unit 11.test.ts');
  });
});

describe('closingLine', () => {
  it('is what the reader of the log looks for', () => {
    expect(closingLine([{ passed: 2, failed: 0, skipped: [] }])).toBe('2 passed, 0 failed');
    const parts = [
      { passed: 2, failed: 1, skipped: ['x'] },
      { passed: 5, failed: 0, skipped: ['y'] },
    ];
    expect(closingLine(parts)).toBe('7 passed, 1 failed, 2 skipped');
  });
});
