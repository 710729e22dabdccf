import { describe, expect, it } from 'vitest';
import { closingLine, totalsOf } from './totals.ts';

const test = (status: string, fullName = 'a test') => ({ status, fullName });

describe('totalsOf', () => {
  it('counts tests and names the skipped ones with their reason', () => {
    const assertionResults = [test('passed'), test('failed'), test('skipped', ' browser [skipped: no Chromium] opens')];
    const report = {
      numPassedTests: 1,
      numFailedTests: 1,
      testResults: [{ name: 'a.ts', status: 'failed', assertionResults }],
    };
    expect(totalsOf('e2e', report, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: ['e2e: browser [skipped: no Chromium] opens'],
    });
  });

  it('counts a file that could not be loaded as failed', () => {
    const testResults = [{ name: 'a.ts', status: 'failed', assertionResults: [] }];
    expect(totalsOf('unit', { numPassedTests: 3, numFailedTests: 0, testResults }, 1).failed).toBe(1);
  });

  it('fails when Vitest failed without a failed test, or without a report', () => {
    expect(totalsOf('unit', { numPassedTests: 3, numFailedTests: 0, testResults: [] }, 1).failed).toBe(1);
    expect(totalsOf('unit', undefined, null)).toEqual({ passed: 0, failed: 1, skipped: [] });
    expect(totalsOf('unit', { numPassedTests: 3, numFailedTests: 0, testResults: [] }, 0).failed).toBe(0);
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
