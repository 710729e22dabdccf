import { describe, expect, it } from 'vitest';
import type { Json, JsonSchema } from '../../json.ts';
import { HOSTILE, HOSTILE_PARTS } from '../testing/hostile.ts';
import { formats } from './formats.ts';
import { checkAgainst, schemaProblem, TooCostly } from './index.ts';

/** What a check may take on a quiet machine. */
const LIMIT_MS = 100;
/** Another process, or garbage of earlier cases, may take the time: the fastest of some tries counts. */
const TRIES = 10;

function fastest(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && best > LIMIT_MS; tries += 1) {
    const from = process.threadCpuUsage();
    work();
    const used = process.threadCpuUsage(from);
    best = Math.min(best, (used.user + used.system) / 1000);
  }
  return best;
}

function check(schema: JsonSchema, value: Json): void {
  try {
    checkAgainst(schema, value);
  } catch (error) {
    if (!(error instanceof TooCostly)) throw error;
  }
}

describe('hostile schemas', { timeout: 60_000 }, () => {
  it.each(Object.entries(HOSTILE))('%s: read and checked in time', (_name, [schema, value]) => {
    expect(fastest(() => schemaProblem(schema))).toBeLessThanOrEqual(LIMIT_MS);
    expect(fastest(() => check(schema, value))).toBeLessThanOrEqual(LIMIT_MS);
  });

  it.each([...formats.keys()])('the format %s takes linear time', (format) => {
    for (const text of HOSTILE_PARTS)
      expect(
        fastest(() => check({ format }, text)),
        text.slice(0, 9),
      ).toBeLessThanOrEqual(LIMIT_MS);
  });

  it.each([
    ['doubled references', 'schema-too-costly'],
    ['a chain of references', 'schema-too-costly'],
    ['schemas nested deep', 'schema-too-costly'],
    ['many alternatives', 'schema-too-costly'],
    ['many patterns', 'schema-too-costly'],
    ['a reference to itself', 'bad-schema'],
    ['references in a circle', 'bad-schema'],
    ['a pattern of 14,000 instructions', 'bad-schema'],
    ['a pattern of 482,000 instructions', 'bad-schema'],
    ['doubled references on the way down', undefined],
  ])('%s: %s when the graph is saved', (name, code) => {
    expect(schemaProblem(HOSTILE[name]![0])?.code).toBe(code);
  });

  it('say where the work was, and what to do', () => {
    const check = () =>
      checkAgainst({ properties: { l: { uniqueItems: true } } }, { l: HOSTILE['unique numbers']![1] });
    expect(check).toThrow(expect.objectContaining({ code: 'schema.tooCostly', path: '/l' }));
    expect(check).toThrow(/`uniqueItems`.*maxItems/);
  });
});
