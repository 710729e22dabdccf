import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, runNode } from '../testing/run-node.ts';
import { sentiment } from './sentiment.ts';
import { scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const text = 'The lamp is beautiful, but it arrived two weeks late.';
const run = (parameters: object = {}) => runNode(sentiment, model.context(), { model: 'm', text, ...parameters });
const whole = { sentiment: 'mixed', score: 0.1, confidence: 0.8, evidence: ['lamp is beautiful'] };

describe('ai.sentiment', () => {
  it('judges the whole, and each aspect of which the text speaks, in the order of the author', async () => {
    const bad = { aspect: 'delivery', sentiment: 'negative', score: -0.8, evidence: ['two weeks late', 'lost'] };
    const good = { aspect: 'product', sentiment: 'positive', score: 0.9, evidence: [] };
    model.say(() => ({ ...whole, aspects: [bad, good] }));
    const found = await run({ aspects: ['product', 'price', 'delivery'] });
    expect(found).toMatchObject({ sentiment: 'mixed', score: 0.1, evidence: ['lamp is beautiful'] });
    expect(found.aspects).toEqual([good, { ...bad, evidence: ['two weeks late'] }]);
  });

  it('does not accept a score that says the opposite, or aspects of its own', async () => {
    model.say(({ nth }) => (nth === 0 ? { ...whole, sentiment: 'negative', score: 0.5 } : whole));
    expect(await run()).toMatchObject({ sentiment: 'mixed' });
    expect(model.asked).toHaveLength(2);
    model.say(() => ({ ...whole, aspects: [{ aspect: 'colour', sentiment: 'neutral', score: 0, evidence: [] }] }));
    expect((await failure(run({ aspects: ['price'] }))).code).toBe('ai.invalid');
    expect((await failure(run())).code).toBe('ai.invalid');
  });

  it('finds nothing in an empty text, without asking', async () => {
    expect(await run({ text: '' })).toMatchObject({ sentiment: 'neutral', score: 0, cost: '0' });
    expect(model.asked).toEqual([]);
  });
});
