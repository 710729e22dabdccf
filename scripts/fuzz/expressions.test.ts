import { describe, expect, inject, it } from 'vitest';
import { fuzzExpressions, fuzzScope, newReport, tryOut } from './expressions.ts';
import { KILL_CORPUS } from './kill-corpus.ts';
import { randomOf } from './random.ts';
import { makeSource } from './sources.ts';

// How long each takes is measured where nothing else runs: `limits.e2e.test.ts`.
describe('hostile expressions', { timeout: 60_000 }, () => {
  it('all end in a value or an error of the language', () => {
    const scope = fuzzScope();
    for (const source of KILL_CORPUS) {
      const report = newReport();
      tryOut(source, scope, report);
      const shown = source.slice(0, 100);
      expect(report.faults, shown).toEqual([]);
      expect(report.refused + report.values + report.needsData + Object.values(report.errors).length, shown).toBe(1);
    }
  });

  it('20,000 random sources of this seed break no promise', () => {
    const report = fuzzExpressions({ seed: inject('seed'), count: 20_000 });
    expect(report.faults).toEqual([]);
    expect(report.count).toBe(20_000);
    // The sources are worth trying: the parser accepts many of them, and some of these give values.
    expect(report.refused).toBeLessThan(12_000);
    expect(report.values).toBeGreaterThan(1_500);
    expect(Object.keys(report.errors)).toEqual(
      expect.arrayContaining(['fuel', 'too-large', 'null-read', 'type', 'argument']),
    );
  });

  it('are repeatable by their seed', () => {
    expect(makeSource(randomOf(7, 42))).toBe(makeSource(randomOf(7, 42)));
    expect(makeSource(randomOf(7, 42))).not.toBe(makeSource(randomOf(8, 42)));
  });
});
