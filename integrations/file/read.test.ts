import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { read } from './read.ts';

describe('file.read', () => {
  it('reads text, base64 or a reference', async () => {
    const ctx = fakeContext();
    const bytes = Buffer.from('grüße');
    await ctx.files.write('a/b.txt', bytes, 'text/plain');
    expect(await runNode(read, ctx, { path: 'a/b.txt' })).toMatchObject({
      path: 'a/b.txt',
      text: 'grüße',
      size: 7,
      contentType: 'text/plain',
    });
    expect(await runNode(read, ctx, { path: 'a/b.txt', as: 'base64' })).toMatchObject({
      base64: bytes.toString('base64'),
    });
    const { blob } = await runNode(read, ctx, { path: 'a/b.txt', as: 'blob' });
    expect(Buffer.from(await ctx.blobs.get(blob!.sha256))).toEqual(bytes);
    expect(blob).toMatchObject({ size: 7, contentType: 'text/plain' });
  });

  it('fails clearly on what is outside, absent or not text', async () => {
    const ctx = fakeContext();
    await ctx.files.write('x.bin', Uint8Array.of(0xff, 0x61), null);
    const outside = await failure(runNode(read, ctx, { path: '../../etc/passwd' }));
    expect(outside).toMatchObject({ code: 'file.path', retryable: false });
    expect((await failure(runNode(read, ctx, { path: 'none' }))).code).toBe('file.notFound');
    const notText = await failure(runNode(read, ctx, { path: 'x.bin' }));
    expect(notText.code).toBe('file.notText');
    expect(notText.message).toContain('is not UTF-8 text. Name its encoding in "encoding"');
  });

  it('reads text in the encoding that its mark or the author says', async () => {
    const ctx = fakeContext();
    await ctx.files.write('old.csv', Buffer.from('5 \x80;caf\xe9', 'latin1'), 'text/csv');
    await ctx.files.write('wide.txt', Buffer.from('\ufeffgrüße', 'utf16le'), null);
    const textOf = async (path: string, encoding?: string) =>
      (await runNode(read, ctx, { path, ...(encoding && { encoding }) })).text;
    expect(await textOf('old.csv', 'windows-1252')).toBe('5 €;café');
    expect(await textOf('wide.txt')).toBe('grüße');
    expect((await failure(textOf('old.csv', 'shift_jis'))).message).toContain('is not shift_jis text');
    expect(read.input.safeParse({ path: 'old.csv', encoding: 'klingon' }).success).toBe(false);
  });
});
