import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, runNode } from '../testing/run-node.ts';
import { generateImage } from './generate-image.ts';
import { PIXEL, scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const run = (parameters: object = {}, ctx = model.context()) =>
  runNode(generateImage, ctx, { model: 'm', prompt: 'A lighthouse', ...parameters });

describe('ai.generateImage', () => {
  it('returns a reference to the image, or writes it to the store', async () => {
    const ctx = model.context();
    const { blob, contentType, usage, size } = await run({ size: '1024x1024' }, ctx);
    expect([contentType, usage.images, size]).toEqual(['image/png', 1, Buffer.from(PIXEL, 'base64').length]);
    expect(Buffer.from(await ctx.blobs.get(blob!.sha256)).toString('base64')).toBe(PIXEL);
    const other = model.context();
    expect(await run({ saveAs: 'images/a.png' }, other)).toMatchObject({ path: 'images/a.png' });
    expect((await other.files.read('images/a.png'))?.contentType).toBe('image/png');
  });

  it('makes no second image if the step is tried again', async () => {
    const ctx = model.context();
    const broken = {
      ...ctx,
      files: { ...ctx.files, write: () => Promise.reject(new Error('the database is unavailable')) },
    };
    await expect(run({ saveAs: 'a.png' }, broken as typeof ctx)).rejects.toThrow('unavailable');
    expect(await run({ saveAs: 'a.png' }, ctx)).toMatchObject({ path: 'a.png' });
    expect(model.state.answered).toBe(1);
  });

  it('calls an image what its bytes are, and takes nothing else for an image', async () => {
    const answering = (bytes: Buffer, format: string) =>
      model.fail('POST /v1/images/generations', ({ send }) =>
        send({ body: { data: [{ b64_json: bytes.toString('base64') }], output_format: format } }),
      );
    answering(Buffer.from(PIXEL, 'base64'), 'html');
    expect((await run()).contentType).toBe('image/png');
    for (const bytes of ['', '<script>alert(1)</script>', '<svg onload="alert(1)"/>']) {
      answering(Buffer.from(bytes), 'png');
      expect(await failure(run())).toMatchObject({ code: 'ai.invalid', retryable: false });
    }
  });

  it('refuses a bad path before anything is paid for', async () => {
    expect((await failure(run({ saveAs: '../a.png' }))).code).toBe('file.path');
    expect(model.requests).toEqual([]);
  });
});
