import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, runNode } from '../testing/run-node.ts';
import { summarize } from './summarize.ts';
import { scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const run = (text: string, parameters: object = {}) =>
  runNode(summarize, model.context(), { model: 'm', text, partTokens: 200, ...parameters });
/** A report of some chapters, each about a part long. */
const report = (chapters: number) =>
  Array.from({ length: chapters }, (_, at) => `Chapter ${at + 1}. ${'Word '.repeat(110)}`).join('\n\n');
const isNote = ({ instructions }: { instructions: string }) => instructions.includes('Take notes');

describe('ai.summarize', () => {
  it('summarizes a short text with one call, as it is told to', async () => {
    model.say(() => ' - Ben asks for prices\n');
    const short = await run('Ben asks suppliers for prices until Friday.', {
      as: 'bullets',
      words: 20,
      focus: 'who does what',
      language: 'German',
    });
    expect(short).toMatchObject({ summary: '- Ben asks for prices', parts: 1, usage: { input: 10, output: 5 } });
    const { instructions } = model.asked[0]!;
    for (const said of ['at most 20 words', 'Write a list', 'who does what', 'Write in German'])
      expect(instructions).toContain(said);
  });

  it('takes notes of each part of a long text, and summarizes the notes', async () => {
    model.say((asked) => (isNote(asked) ? `noted ${/Chapter \d+/.exec(asked.texts[0]!)?.[0]}` : 'the whole'));
    const long = await run(report(6));
    expect(long.summary).toBe('the whole');
    expect(long.parts).toBe(model.asked.filter(isNote).length);
    const last = model.asked.at(-1)!.texts[0]!;
    for (let chapter = 1; chapter <= 6; chapter += 1) expect(last).toContain(`noted Chapter ${chapter}`);
    expect(long.usage.input).toBe(10 * model.asked.length);
  });

  it('takes notes of notes until they fit, even if a model writes far more than it should', async () => {
    model.say((asked) => (isNote(asked) ? 'much too long '.repeat(400) : 'the whole'));
    expect((await run(report(30))).summary).toBe('the whole');
    expect(Math.max(...model.asked.map(({ texts }) => texts[0]!.length))).toBeLessThan(1_500);
  });

  it('takes a note that was cut off, but no summary', async () => {
    model.say((asked) => (isNote(asked) ? { cut: 'the beginning' } : 'the whole'));
    expect((await run(report(3))).summary).toBe('the whole');
    model.say(() => ({ cut: 'the beginning' }));
    expect((await failure(run('One sentence.'))).code).toBe('ai.cut');
  });

  it('has nothing to say about an empty text, and asks nobody', async () => {
    expect(await run('  \n')).toMatchObject({ summary: '', parts: 0, cost: '0' });
    expect(model.asked).toEqual([]);
  });

  it('says what the model says if it refuses, and tries again if it says nothing', async () => {
    model.say(() => ({ refusal: 'I would rather not.' }));
    expect(await failure(run('Text.'))).toMatchObject({ code: 'ai.refused', retryable: false });
    model.say(() => ' ');
    expect(await failure(run('Text.'))).toMatchObject({ code: 'ai.noAnswer', retryable: true });
  });
});
