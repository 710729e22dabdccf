import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json, JsonSchema } from '../../json.ts';
import { checkAgainst } from './index.ts';

/** Keyword, description, schema, and tests: each a description, a value and whether it fits. */
type Group = readonly [string, string, JsonSchema, readonly (readonly [string, Json, boolean])[]];

const groups = JSON.parse(
  readFileSync(new URL('../testing/official-suite.json', import.meta.url), 'utf8'),
) as readonly Group[];

describe('the official test suite of JSON Schema 2020-12', () => {
  it.each([...new Set(groups.map(([keyword]) => keyword))])('%s', (keyword) => {
    for (const [, description, schema, tests] of groups.filter(([each]) => each === keyword)) {
      for (const [what, value, valid] of tests) {
        const problems = checkAgainst(schema, value);
        expect([problems.length === 0, problems[0]?.code === 'bad-schema'], `${description}: ${what}`).toEqual([
          valid,
          false,
        ]);
      }
    }
  });
});
