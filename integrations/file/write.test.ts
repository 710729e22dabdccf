import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { write } from './write.ts';

describe('file.write', () => {
  it('writes text, base64 and references', async () => {
    const ctx = fakeContext();
    const blob = await ctx.blobs.put(Buffer.from('from blob'));
    const stored = async (path: string) => Buffer.from((await ctx.files.read(path))!.bytes).toString();
    expect(await runNode(write, ctx, { path: 'a.txt', text: 'grüße', contentType: 'text/plain' })).toMatchObject({
      size: 7,
    });
    await runNode(write, ctx, { path: 'b', base64: 'aGk=' });
    const written = await runNode(write, ctx, { path: 'c', blob });
    expect([await stored('a.txt'), await stored('b'), await stored('c')]).toEqual(['grüße', 'hi', 'from blob']);
    expect(written.sha256).toBe(blob.sha256);
    expect((await ctx.files.read('a.txt'))?.contentType).toBe('text/plain');
    await runNode(write, ctx, { path: 'empty', text: '' });
    expect(await stored('empty')).toBe('');
  });

  it('refuses a path outside, two contents, none, and what is not base64', async () => {
    expect((await failure(runNode(write, fakeContext(), { path: '/x', text: '' }))).code).toBe('file.path');
    for (const wrong of [{}, { text: 'a', base64: 'YQ==' }, { base64: '***' }]) {
      expect(write.input.safeParse({ path: 'x', ...wrong }).success).toBe(false);
    }
  });
});
