import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { info } from './info.ts';
import { pngOf } from './testing/png.ts';

const infoOf = (bytes: Buffer) => runNode(info, fakeContext(), { base64: bytes.toString('base64') });

describe('image.info', { timeout: 60_000 }, () => {
  it('says format and size, by the bytes', async () => {
    const png = pngOf(30, 20);
    expect(await infoOf(png)).toEqual({ format: 'png', width: 30, height: 20, orientation: 1, size: png.length });
    const gif = Buffer.from('R0lGODlhAQABAAAAACw=', 'base64');
    expect(await infoOf(gif)).toMatchObject({ format: 'gif', width: 1, height: 1 });
  });

  it('says what is no image, or a broken one', async () => {
    expect((await failure(infoOf(Buffer.from('%PDF-1.4')))).code).toBe('document.kind');
    expect((await failure(infoOf(pngOf(3, 3).subarray(0, 12)))).code).toBe('document.broken');
  });
});
