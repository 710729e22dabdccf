import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, runNode } from '../testing/run-node.ts';
import { askDocument } from './ask-document.ts';
import { scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const filler = (about: string) => `${`Nothing of interest is said about ${about} here. `.repeat(40)}\n\n`;
const rule = 'The tenant may give notice until the third working day of a month.';
const lease = `# Lease\n\n${['gardens', 'roofs', 'cellars', 'cats'].map(filler).join('')}${rule}\n\n${['bells', 'lifts'].map(filler).join('')}`;
const run = (parameters: object = {}, ctx = model.context()) =>
  runNode(askDocument, ctx, {
    model: 'm',
    question: 'Until when may a tenant give notice?',
    text: lease,
    contextTokens: 1_000,
    ...parameters,
  });
const answers =
  (quotes: string[], found = true) =>
  () => ({ found, answer: found ? 'The third working day.' : '', quotes });

describe('ai.askDocument', { timeout: 120_000 }, () => {
  it('answers with quotes from the document, and their places', async () => {
    model.say(answers(['the tenant may give notice until the THIRD working day', 'made up']));
    const found = await run();
    expect(found).toMatchObject({ found: true, answer: 'The third working day.', pages: 1, shown: [1] });
    expect(found.quotes).toEqual([{ text: rule.slice(0, 54), page: 1, start: lease.indexOf(rule) }]);
  });

  it.each([
    ['words', {}],
    ['meaning', { embeddingModel: 'e' }],
  ])('shows the model the passages of a long document that fit, by their %s', async (_, parameters) => {
    model.say(answers([rule]));
    await run(parameters);
    const shown = model.asked[0]!.texts.join('\n');
    expect(shown).toContain(rule);
    expect(shown.length).toBeLessThan(lease.length / 2);
  });

  it('shows a short document as a whole', async () => {
    model.say(answers([rule]));
    await run({ contextTokens: 50_000 });
    expect(model.asked[0]!.texts.join('\n')).toContain('bells');
  });

  it('does not accept an answer that nothing in the document proves', async () => {
    model.say(({ nth }) => answers(nth === 0 ? ['I just know it'] : [rule])());
    expect((await run()).quotes).toHaveLength(1);
    expect(model.asked[1]!.texts.join('\n')).toContain('None of "quotes" stands in the passages');
    model.say(answers(['I just know it']));
    expect((await failure(run())).code).toBe('ai.invalid');
  });

  it('says that the document does not hold the answer', async () => {
    model.say(answers(['whatever'], false));
    expect(await run({ question: 'Qui est le propriétaire ?' })).toMatchObject({
      found: false,
      answer: null,
      quotes: [],
    });
  });

  it('reads what the bytes are, and pays nothing for a document that cannot be read', async () => {
    expect(
      (await failure(run({ text: undefined, base64: Buffer.from('89504e470d0a1a0a', 'hex').toString('base64') }))).code,
    ).toMatch(/^document\./);
    expect(await run({ text: ' \n ' })).toMatchObject({ found: false, cost: '0' });
    expect(model.requests).toEqual([]);
  });

  it('makes vectors once, even if the answer fails', async () => {
    const ctx = model.context();
    model.say(() => ({ refusal: 'no' }));
    await failure(run({ embeddingModel: 'e' }, ctx));
    const made = model.embedded.length;
    model.say(answers([rule]));
    await run({ embeddingModel: 'e' }, ctx);
    expect([model.embedded.length, model.asked.length]).toEqual([made, 2]);
  });
});
