import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runNode } from '../testing/run-node.ts';
import { rewrite } from './rewrite.ts';
import { scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const run = (text: string, parameters: object) =>
  runNode(rewrite, model.context(), { model: 'm', text, ...parameters });

describe('ai.rewrite', () => {
  it('writes a text anew, as the author says', async () => {
    model.say(() => 'We cannot do that before June.');
    const written = await run('We cant do that before june.\n', {
      tone: 'friendly',
      length: 'same',
      instructions: 'Correct the spelling.',
    });
    expect(written).toMatchObject({ text: 'We cannot do that before June.\n', parts: 1 });
    const { instructions } = model.asked[0]!;
    for (const said of ['tone is friendly', 'Keep the length', 'Correct the spelling.', 'language of the text']) {
      expect(instructions).toContain(said);
    }
  });

  it('writes a long text part by part', async () => {
    model.say(({ nth }) => `part ${nth}`);
    const written = await run(`${'word '.repeat(200)}\n\n`.repeat(4), { tone: 'simple', partTokens: 300 });
    expect(written.text.match(/part \d+/g)).toHaveLength(written.parts);
  });

  it('wants to know what to change', () => {
    expect(rewrite.input.safeParse({ model: 'm', text: 'a' }).success).toBe(false);
    expect(rewrite.input.safeParse({ model: 'm', text: 'a', tone: 'simple' }).success).toBe(true);
  });

  it('returns an empty text as it is', async () => {
    expect(await run('', { tone: 'simple' })).toMatchObject({ text: '', parts: 0, cost: '0' });
  });
});
