import { describe, expect, it } from 'vitest';
import { archive } from '../parsing/testing/office.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { list } from './list.ts';

describe('zip.list', { timeout: 60_000 }, () => {
  it('lists files with their sizes, and unpacks nothing', async () => {
    const base64 = archive({ 'a.txt': 'hello', 'папка/b.txt': 'x'.repeat(1000) }).toString('base64');
    const { files } = await runNode(list, fakeContext(), { base64 });
    expect(files.map(({ name, size, encrypted }) => ({ name, size, encrypted }))).toEqual([
      { name: 'a.txt', size: 5, encrypted: false },
      { name: 'папка/b.txt', size: 1000, encrypted: false },
    ]);
  });

  it('refuses what is not an archive', async () => {
    const base64 = Buffer.from('no archive').toString('base64');
    expect(await failure(runNode(list, fakeContext(), { base64 }))).toMatchObject({ code: 'document.broken' });
  });
});
