import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { archive } from '../parsing/testing/office.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { extract } from './extract.ts';

const extracted = async (bytes: Uint8Array, parameters: object = {}) => {
  const ctx = fakeContext();
  const { files } = await runNode(extract, ctx, { base64: Buffer.from(bytes).toString('base64'), ...parameters });
  return Promise.all(
    files.map(async ({ name, blob }) => [name, Buffer.from(await ctx.blobs.get(blob.sha256)).toString()]),
  );
};

/** Changes the name of an entry, in both of its places, to one of the same length. */
const renamed = (bytes: Buffer, from: string, to: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');

describe('zip.extract', { timeout: 60_000 }, () => {
  const some = archive({ 'a.txt': 'one', 'in/b.txt': 'two', 'in/c.txt': 'three' });

  it('unpacks all files, some, or those of a folder', async () => {
    expect(await extracted(some)).toEqual([
      ['a.txt', 'one'],
      ['in/b.txt', 'two'],
      ['in/c.txt', 'three'],
    ]);
    expect(await extracted(some, { names: ['in/c.txt'] })).toEqual([['in/c.txt', 'three']]);
    expect(await extracted(some, { under: 'in/' })).toHaveLength(2);
  });

  it('says what an archive holds if it does not hold what was asked for', async () => {
    const error = await failure(extracted(some, { names: ['x'] }));
    expect(error).toMatchObject({ code: 'document.notFound' });
    expect(error.message).toContain('It holds "a.txt", "in/b.txt", "in/c.txt".');
    expect((await failure(extracted(some, { limit: 2 }))).code).toBe('document.tooLarge');
  });

  it.each(['../x.txt', '/abs.txt', '..\\x.txt', 'a/../../b'])('refuses an archive with the name %s', async (name) => {
    const plain = 'a'.repeat(name.length);
    expect((await failure(extracted(renamed(archive({ [plain]: 'x' }), plain, name)))).code).toBe('document.path');
  });

  it('refuses a link', async () => {
    const link = zipSync({ link: [Buffer.from('/etc/passwd'), { os: 3, attrs: 0o120_777 << 16 }] });
    expect((await failure(extracted(link))).code).toBe('document.path');
  });

  it('ends a bomb, whatever sizes it declares', async () => {
    const bomb = Buffer.from(zipSync({ a: new Uint8Array(80 * 1024 * 1024) }, { level: 6 }));
    expect(bomb.length).toBeLessThan(500_000);
    expect((await failure(extracted(bomb))).code).toBe('document.tooLarge');
    // The archive says that it is ten bytes.
    const directory = bomb.indexOf(Buffer.from('504b0102', 'hex'));
    bomb.writeUInt32LE(10, directory + 24);
    expect(['document.broken', 'document.tooLarge']).toContain((await failure(extracted(bomb, { names: ['a'] }))).code);
  });

  it('checks what it unpacks', async () => {
    const bytes = Buffer.from(zipSync({ a: Buffer.from('hello world') }, { level: 0 }));
    bytes.write('HELLO', bytes.indexOf('hello'));
    expect((await failure(extracted(bytes))).message).toContain('the checksum of "a" is wrong');
    expect((await failure(extracted(some.subarray(0, some.length - 30)))).code).toBe('document.broken');
  });
});
