import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { info } from './info.ts';
import { resize } from './resize.ts';
import { pngBomb, pngOf } from './testing/png.ts';

/** Left half red, right half blue. */
const halves = pngOf(40, 20, (x) => (x < 20 ? [255, 0, 0] : [0, 0, 255])).toString('base64');

describe('image.resize', { timeout: 60_000 }, () => {
  it('keeps the shape, fills an area, or distorts', async () => {
    const sizeOf = async (parameters: object) => {
      const { width, height } = await runNode(resize, fakeContext(), { base64: halves, ...parameters });
      return [width, height];
    };
    expect(await sizeOf({ width: 10 })).toEqual([10, 5]);
    expect(await sizeOf({ width: 10, height: 10 })).toEqual([10, 5]);
    expect(await sizeOf({ width: 10, height: 10, fit: 'cover' })).toEqual([10, 10]);
    expect(await sizeOf({ width: 10, height: 10, fit: 'fill' })).toEqual([10, 10]);
    expect(await sizeOf({ width: 400 })).toEqual([40, 20]);
    expect(await sizeOf({ width: 80, enlarge: true })).toEqual([80, 40]);
  });

  it('writes other formats, which are what they say', async () => {
    const ctx = fakeContext();
    for (const format of ['jpeg', 'webp', 'png'] as const) {
      const made = await runNode(resize, ctx, { base64: halves, format, saveAs: 'a' });
      expect(made).toMatchObject({ format, path: 'a', width: 40, height: 20 });
      expect(await runNode(info, ctx, { path: 'a' })).toMatchObject({ format, width: 40, height: 20 });
      expect((await ctx.files.read('a'))?.contentType).toBe(`image/${format}`);
    }
  });

  it('refuses an image that would fill the memory, and a broken one', async () => {
    const made = (bytes: Buffer) =>
      failure(runNode(resize, fakeContext(), { base64: bytes.toString('base64'), width: 10 }));
    expect((await made(pngBomb())).message).toContain('50000 × 50000 pixels');
    expect((await made(pngOf(20, 20).subarray(0, 60))).code).toBe('document.broken');
    expect((await made(Buffer.from('GIF89a'))).code).toBe('document.broken');
    const line = { base64: pngOf(1, 5000).toString('base64'), width: 10_000, enlarge: true };
    const error = await failure(runNode(resize, fakeContext(), line));
    expect(error).toMatchObject({ code: 'document.tooLarge', retryable: false });
    expect(error.message).toContain('10000 × 50000000 pixels');
  });
});
