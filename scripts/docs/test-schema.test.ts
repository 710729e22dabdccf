import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { readDocument } from '../../graph/document/parse.ts';
import { testSchemaJson } from './test-schema.ts';

const root = new URL('../../', import.meta.url);
const check = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false }).compile(
  JSON.parse(testSchemaJson()),
);

it('docs/blok-test.schema.json is up to date', () => {
  expect(readFileSync(new URL('docs/blok-test.schema.json', root), 'utf8')).toBe(testSchemaJson());
});

it('takes the tests of every example, and refuses what the format does not have', () => {
  const files = readdirSync(new URL('examples/', root), { recursive: true, encoding: 'utf8' });
  const tests = files.filter((file) => file.endsWith('.test.yaml'));
  expect(tests.length).toBeGreaterThan(15);
  for (const file of tests) {
    const { value } = readDocument(readFileSync(new URL(`examples/${file}`, root), 'utf8'));
    expect([file, check(value), check.errors]).toEqual([file, true, null]);
  }
  expect(check({ cases: [{ name: 'x', expect: {}, input: 1 }] })).toBe(true);
  expect(check({ cases: [{ name: 'x', expect: { outputs: 1 } }] })).toBe(false);
  expect(check({ cases: [] })).toBe(false);
});
