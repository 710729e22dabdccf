import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseGraph } from '../../graph/document/parse.ts';
import { schemaJson } from './schema.ts';

const root = new URL('../../', import.meta.url);
const check = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictTypes: false,
  strictRequired: false,
  allErrors: true,
}).compile(JSON.parse(schemaJson()));
const examples = readFileSync(new URL('graph/validate/testing/language-examples.yaml', root), 'utf8').split(/^---\n/m);
const graph = (nodes: object, more: object = {}) => ({ blok: 1, name: 'x', nodes, ...more });

describe('docs/blok.schema.json', () => {
  it('is up to date', () => {
    expect(readFileSync(new URL('docs/blok.schema.json', root), 'utf8')).toBe(schemaJson());
  });

  it('takes every example of the language', () => {
    for (const text of examples) expect([check(parseGraph(text).graph), check.errors]).toEqual([true, null]);
  });

  it.each([
    ['unknown fields', graph({ a: { uses: 'set', with: { value: 1 }, need: [] } })],
    ['unknown parameters of built-in types', graph({ a: { uses: 'if', with: { tests: true } } })],
    ['missing parameters', graph({ a: { uses: 'forEach', nodes: {} } })],
    ['parameters of the wrong kind', graph({ a: { uses: 'forEach', nodes: {}, with: { items: 'all' } } })],
    ['bad durations', graph({ a: { uses: 'wait', with: { for: 'soon' } } })],
    ['bad ids', graph({ 'a-b': { uses: 'set', with: { value: 1 } } })],
    ['bad links', graph({ a: { uses: 'set', with: { value: 1 }, needs: ['b c'] } })],
    ['bad triggers', graph({}, { triggers: { t: { uses: 'event' } } })],
    ['another language', { ...graph({}), blok: 2 }],
    [
      'problems deep inside',
      graph({
        a: { uses: 'try', nodes: {}, catch: { nodes: { b: { uses: 'limit', with: { items: [], count: -1 } } } } },
      }),
    ],
  ])('refuses %s', (_, value) => {
    expect(check(value)).toBe(false);
  });

  it.each([
    [
      'expressions in place of any parameter',
      graph({ a: { uses: 'limit', with: { items: '${{ input }}', count: '${{ 1 }}', from: '${{ input.x }}' } } }),
    ],
    ['effects it does not know', graph({ a: { uses: 'acme.doThing@3', with: { x: 1 } } })],
  ])('takes %s', (_, value) => {
    expect([check(value), check.errors]).toEqual([true, null]);
  });

  it('describes every field of a node for the tools of an editor', () => {
    const { $defs } = JSON.parse(schemaJson());
    const silent = Object.entries($defs.node.properties as Record<string, { description?: string; $ref?: string }>)
      .filter(([, { description, $ref }]) => description === undefined && $ref === undefined)
      .map(([name]) => name);
    expect(silent).toEqual([]);
  });
});
