import { describe, expect, it } from 'vitest';
import type { Graph } from '../document/types.ts';
import type { Json, JsonSchema } from '../json.ts';
import { checkAgainst, TooCostly } from '../schemas/check/index.ts';
import { heldOf, holds, releasedOf, StartError, triggerInfo } from './index.ts';

const graph = (more: Partial<Graph>): Graph => ({
  blok: 1,
  name: 'held',
  nodes: {},
  triggers: { on: { uses: 'event', if: '${{ trigger.data.n > 0 }}', input: { n: '${{ trigger.data.n }}' } } },
  ...more,
});
const fired = (of: Graph, data: Json) => {
  const fields = { event: 'e', subject: null, data, source: 'api' };
  const trigger = triggerInfo(of, 'on', { at: '2026-01-01T00:00:00.000Z', key: 'k', input: data, fields });
  return heldOf(of, trigger, { input: data, vars: { by: 'n' } });
};
const ON = { on: { uses: 'event' } };
const ITEMS = {
  type: 'object',
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      minItems: 2,
      items: { type: 'object', required: ['n'], properties: { n: { maximum: 9 } } },
    },
  },
};

describe('what is held', () => {
  it('is the input that a run of its own would have had, under the key of the word', () => {
    const debounced = fired(graph({ debounce: { key: '${{ input[vars.by] }}', quiet: '5s', atMost: '1m' } }), { n: 7 });
    expect(debounced).toMatchObject({
      times: { word: 'debounce', quietMs: 5_000, atMostMs: 60_000 },
      key: '7',
      payload: { input: { n: 7 }, trigger: { id: 'on', key: 'k', event: 'e', data: { n: 7 } } },
    });
    expect(fired(graph({ batch: { size: 3, within: '1m' } }), { n: 7 })).toMatchObject({
      times: { word: 'batch', size: 3, withinMs: 60_000 },
      key: '',
    });
  });

  it('is nothing if the `if` of the trigger is false', () => {
    expect(() => fired(graph({ batch: { size: 3, within: '1m' } }), { n: 0 })).toThrow(
      expect.objectContaining({ code: 'trigger.declined' }),
    );
  });

  it('fits the schema: all of it under a `debounce`, and as an item under a `batch`', () => {
    const schema = { type: 'object', properties: { n: { maximum: 9 } } };
    expect(() => fired(graph({ debounce: { quiet: '5s' }, input: schema }), { n: 10 })).toThrow(StartError);
    const batch = graph({ batch: { size: 3, within: '1m' }, input: ITEMS });
    expect(() => fired(batch, { n: 10 })).toThrow(/^input\/items\/0\/n/);
    expect(fired(batch, { n: 9 }).payload.input).toEqual({ n: 9 });
  });

  it('never is a call', () => {
    const held = graph({ debounce: { quiet: '5s' } });
    expect(['event', 'webhook', 'rss.newItem', 'failure', 'call'].map((uses) => holds(held, uses))).toEqual([
      ...[true, true, true, true, false],
    ]);
    expect(holds(graph({}), 'event')).toBe(false);
  });
});

describe('the run of what was held', () => {
  const trigger = { id: 'on', uses: 'event', at: '', key: 'k2' };
  const held = { trigger, inputs: [{ n: 1 }, { n: 2 }] };

  it('has the input of the last firing, or all inputs, and the trigger of the last', () => {
    expect(releasedOf(graph({}), 'debounce', { trigger, inputs: [{ n: 2 }] })).toEqual({ trigger, input: { n: 2 } });
    expect(releasedOf(graph({ input: ITEMS }), 'batch', held)).toEqual({
      trigger,
      input: { items: [{ n: 1 }, { n: 2 }] },
    });
  });

  it('does not begin if the items together do not fit the schema', () => {
    expect(() => releasedOf(graph({ input: ITEMS }), 'batch', { trigger, inputs: [{ n: 1 }] })).toThrow(StartError);
  });

  it('begins although the items together take more work to check than one value may', () => {
    const item = { type: 'object', properties: { text: { type: 'string', pattern: '^(a|b)+$' } } };
    const list = { type: 'array', maxItems: 1_000, items: item };
    const batch = graph({ batch: { size: 1_000, within: '1m' }, input: { properties: { items: list } }, triggers: ON });
    const inputs = Array.from({ length: 1_000 }, () => ({ text: 'ab'.repeat(900) }));
    const took = inputs.map((input) => fired(batch, input).payload.input);
    expect(() => checkAgainst(batch.input!, { items: inputs })).toThrow(TooCostly);
    expect(releasedOf(batch, 'batch', { trigger, inputs: took }).input).toEqual({ items: inputs });
  });

  it('is checked whole if the schema refers to its items from elsewhere, or if they depend on their place', () => {
    const refused = (input: JsonSchema, inputs: Json[]) => () =>
      releasedOf(graph({ input }), 'batch', { trigger, inputs });
    const elsewhere = {
      properties: {
        items: { type: 'array', items: { type: 'object' }, contains: { $ref: '#/properties/items/items' } },
      },
    };
    expect(refused(elsewhere, [1])).toThrow(/^input\/items/);
    expect(refused(elsewhere, [{}])).not.toThrow();
    const nothingElse = { properties: { items: { items: { type: 'number' }, unevaluatedItems: false } } };
    expect(refused(nothingElse, [1])).not.toThrow();
    const byPlace = { properties: { items: { prefixItems: [{ type: 'number' }], items: { type: 'string' } } } };
    expect(refused(byPlace, [1, 'a'])).not.toThrow();
    expect(refused(byPlace, [1, 2])).toThrow(StartError);
    expect(() => fired(graph({ batch: { size: 3, within: '1m' }, input: byPlace, triggers: ON }), 1)).not.toThrow();
  });
});
