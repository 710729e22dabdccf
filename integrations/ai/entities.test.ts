import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, runNode } from '../testing/run-node.ts';
import { entities } from './entities.ts';
import { scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const run = (text: string, parameters: object = {}) =>
  runNode(entities, model.context(), { model: 'm', text, types: ['person', 'amount'], ...parameters });
const found = (...all: [string, string, string?][]) => ({
  entities: all.map(([type, quote, value = quote]) => ({ type, quote, value })),
});

describe('ai.entities', () => {
  it('finds what stands in the text, each once, in its order, and counts it', async () => {
    model.say(() => found(['amount', '7 €', '7.00 EUR'], ['person', 'Ada'], ['person', 'ada'], ['person', 'Nobody']));
    const { entities: all } = await run('Ada pays 7 €. Ada is happy.');
    expect(all).toEqual([
      { type: 'person', text: 'Ada', value: 'Ada', start: 0, count: 2 },
      { type: 'amount', text: '7 €', value: '7.00 EUR', start: 9, count: 1 },
    ]);
  });

  it('reads a long text in parts, and joins what they found', async () => {
    const names = ['Ada', 'Grace', 'アラン'];
    const text = names.map((name) => `${name} ${'x '.repeat(6_000)}.`).join('\n\n');
    model.say(({ texts }) =>
      found(...names.filter((name) => texts[0]!.includes(name)).map((name): [string, string] => ['person', name])),
    );
    const { entities: all, usage } = await run(text);
    expect(all.map(({ text: name }) => name)).toEqual(names);
    expect(all[2]!.start).toBe(text.indexOf('アラン'));
    expect(model.asked.length).toBeGreaterThan(2);
    expect(usage.input).toBe(10 * model.asked.length);
  });

  it('accepts no type that is not asked for', async () => {
    model.say(() => found(['place', 'Paris']));
    expect((await failure(run('In Paris'))).code).toBe('ai.invalid');
  });

  it('finds nothing in an empty text, without asking', async () => {
    expect((await run(' ')).entities).toEqual([]);
    expect(model.asked).toEqual([]);
  });
});
