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

  it('reads names in UTF-8 of an archiver that does not say so, and names of DOS', async () => {
    const namesIn = async (bytes: Buffer) => {
      const { files } = await runNode(list, fakeContext(), { base64: bytes.toString('base64') });
      return files.map(({ name }) => name);
    };
    const named = (name: string) => archive({ [name]: 'x' });
    // Without the flag, in both headers.
    const unsaid = named('Größe.txt');
    unsaid.writeUInt16LE(0, unsaid.indexOf('PK\x03\x04', 'latin1') + 6);
    unsaid.writeUInt16LE(0, unsaid.indexOf('PK\x01\x02', 'latin1') + 8);
    expect(await namesIn(unsaid)).toEqual(['Größe.txt']);
    const ofDos = Buffer.from(named('Gr__e.txt').toString('latin1').replaceAll('__', '\x94\xe1'), 'latin1');
    expect(await namesIn(ofDos)).toEqual(['Größe.txt']);
  });

  it.each(['../x', '/etc/x', 'C:/x', 'a/../../x'])('refuses %s behind a byte order mark', async (path) => {
    const disguised = archive({ [`___${path}`]: 'x' });
    for (let at = disguised.indexOf('___'); at >= 0; at = disguised.indexOf('___', at + 1))
      disguised.set([0xef, 0xbb, 0xbf], at);
    const base64 = disguised.toString('base64');
    expect(await failure(runNode(list, fakeContext(), { base64 }))).toMatchObject({ code: 'document.path' });
  });

  it('refuses what is not an archive', async () => {
    const base64 = Buffer.from('no archive').toString('base64');
    expect(await failure(runNode(list, fakeContext(), { base64 }))).toMatchObject({ code: 'document.broken' });
  });
});
