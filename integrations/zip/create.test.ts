import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { create } from './create.ts';
import { extract } from './extract.ts';

describe('zip.create', { timeout: 60_000 }, () => {
  it('packs files, references and texts, and the same ones into the same bytes', async () => {
    const ctx = fakeContext();
    await ctx.files.write('in/a.bin', Uint8Array.of(1, 2, 3), null);
    const blob = await ctx.blobs.put(Buffer.from('a blob'));
    const files = [
      { name: 'a.bin', path: 'in/a.bin' },
      { name: 'b/ü.txt', text: 'grüße' },
      { name: 'c', blob },
    ];
    const made = await runNode(create, ctx, { files });
    expect(made.count).toBe(3);
    expect((await runNode(create, ctx, { files })).blob).toEqual(made.blob);
    const unpacked = await runNode(extract, ctx, { blob: made.blob! });
    const contents = await Promise.all(
      unpacked.files.map(async (file) => Buffer.from(await ctx.blobs.get(file.blob.sha256))),
    );
    expect(unpacked.files.map(({ name }) => name)).toEqual(['a.bin', 'b/ü.txt', 'c']);
    expect(contents.map(String)).toEqual(['\u0001\u0002\u0003', 'grüße', 'a blob']);
  });

  it('refuses names that lead out of the archive, and names that are there twice', async () => {
    const made = (...names: string[]) =>
      failure(runNode(create, fakeContext(), { files: names.map((name) => ({ name, text: '' })) }));
    expect((await made('../a')).code).toBe('file.path');
    expect((await made('a', 'a')).code).toBe('document.value');
  });

  it('writes into the store', async () => {
    const ctx = fakeContext();
    await runNode(create, ctx, { files: [{ name: 'a', text: 'b' }], saveAs: 'out.zip' });
    expect((await ctx.files.read('out.zip'))?.contentType).toBe('application/zip');
  });
});
