import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, runNode } from '../testing/run-node.ts';
import { moderate } from './moderate.ts';
import { PIXEL, scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const run = (parameters: object) => runNode(moderate, model.context(), parameters);

describe('ai.moderate', () => {
  it('says what is harmful, by category, as the provider sees it or from a limit of the author', async () => {
    expect(await run({ text: 'a lovely day' })).toMatchObject({ flagged: false, categories: [] });
    expect(await run({ text: 'kill' })).toMatchObject({
      flagged: true,
      categories: ['violence'],
      scores: { violence: 0.9 },
    });
    expect(await run({ text: 'idiot' })).toMatchObject({ flagged: false });
    expect(await run({ text: 'idiot', threshold: 0.4 })).toMatchObject({ flagged: true, categories: ['hate'] });
    expect(await run({ text: 'kill', categories: ['hate'] })).toMatchObject({ flagged: false, scores: { hate: 0.02 } });
  });

  it('judges a long text in parts, by the worst of them', async () => {
    expect(await run({ text: `${'fine '.repeat(20_000)} kill ${'fine '.repeat(20_000)}` })).toMatchObject({
      flagged: true,
    });
    expect(model.requests.length).toBeGreaterThan(5);
  });

  it('judges images, and nothing that is none', async () => {
    expect(await run({ base64: PIXEL })).toMatchObject({ flagged: false });
    expect(JSON.stringify(model.requests[0]!.body)).toContain('data:image/png;base64,');
    const none = Buffer.from('no image').toString('base64');
    expect((await failure(run({ base64: none }))).code).toBe('document.kind');
  });

  it('finds nothing in an empty text, without asking', async () => {
    expect(await run({ text: '' })).toMatchObject({ flagged: false, scores: {} });
    expect(model.requests).toEqual([]);
  });
});
