import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadOwnNodes } from './load.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'own-nodes-'));
});
afterAll(() => rm(root, { recursive: true }));

/** A folder with these files, and what loading it says. */
async function said(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, name, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return loadOwnNodes(join(root, name)).then(
    () => 'loaded',
    (error: Error) => error.message,
  );
}

const provider = (id: string, more = '') =>
  `export const own = { id: '${id}', title: 'Own', nodes: [], connections: [] ${more} };`;

describe('a folder of your own nodes that cannot be used', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['has no index.ts', { 'acme/x.txt': '' }, /acme.index\.ts cannot be loaded/],
    ['does not compile', { 'acme/index.ts': 'export const = 1' }, /acme.index\.ts cannot be loaded/],
    ['exports no provider', { 'acme/index.ts': 'export const one = 1;' }, /exports no provider/],
    ['has a name of Blok', { 'http/index.ts': provider('http') }, /http: Blok has a provider of this name/],
    [
      'has a connection of Blok',
      { 'mine/index.ts': provider('mine').replace('connections: []', "connections: [{ type: 'smtp' }]") },
      /smtp: Blok has a connection type of this name/,
    ],
    ['has triggers', { 'mine/index.ts': provider('mine', ', triggers: [1]') }, /triggers of your own are not possible/],
  ])('because it %s, is refused with the reason', async (name, files, reason) => {
    expect(await said(name.replaceAll(/\W/g, '-'), files)).toMatch(reason);
  });

  it('because it does not exist, is refused with the reason', async () => {
    await expect(loadOwnNodes(join(root, 'nowhere'))).rejects.toThrow(/nowhere, cannot be read \(ENOENT\)/);
  });
});
