import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, runNode } from '../testing/run-node.ts';
import { describeImage } from './describe-image.ts';
import { PIXEL, scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const run = (parameters: object = {}, ctx = model.context()) =>
  runNode(describeImage, ctx, { model: 'm', base64: PIXEL, ...parameters });
const shown = { description: 'A dot.', things: ['dot'], text: 'EXIT', answer: 'Yes.' };

describe('ai.describeImage', () => {
  it('describes an image, and answers a question only if there is one', async () => {
    model.say(() => shown);
    expect(await run()).toMatchObject({ ...shown, answer: null });
    expect(await run({ question: 'Is it red?', language: 'German' })).toMatchObject({ answer: 'Yes.' });
    expect(model.asked.map(({ images }) => images)).toEqual([1, 1]);
    expect(model.asked[1]!.instructions).toMatch(/in German.*Is it red\?/s);
  });

  it('knows an image by its bytes, and sends nothing else', async () => {
    const ctx = model.context();
    await ctx.files.write('photo.png', Buffer.from('%PDF-1.7'), 'image/png');
    await ctx.files.write('old.tiff', Buffer.from('49492a0008000000', 'hex'), null);
    const files = { base64: undefined };
    expect((await failure(run({ ...files, path: 'photo.png' }, ctx))).code).toBe('document.kind');
    expect((await failure(run({ ...files, path: 'old.tiff' }, ctx))).message).toContain('image.resize');
    expect((await failure(run({ ...files, path: 'none.png' }, ctx))).code).toBe('file.notFound');
    expect(model.requests).toEqual([]);
  });

  it('accepts no other answer', async () => {
    model.say(() => ({ ...shown, answer: 7 }));
    expect((await failure(run())).code).toBe('ai.invalid');
  });
});
