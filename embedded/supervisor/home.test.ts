import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { homeAt, prepareHome } from './home.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'blok-home-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('makes the data folder and its parents, also a second time', () => {
  const home = homeAt(join(folder, 'a', 'b'));
  prepareHome(home);
  prepareHome(home);
  expect(existsSync(home.logs)).toBe(true);
});

it('says why a data folder cannot be used', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => prepareHome(homeAt(file))).toThrow(/cannot be used: a file is in the way.*BLOK_HOME/);
  expect(() => prepareHome(homeAt(join(file, 'below')))).toThrow(/cannot be used: a file is in the way/);
});

it('makes a folder for the owner only, and refuses one that is shared', () => {
  const home = homeAt(join(folder, 'own'));
  prepareHome(home);
  for (const path of [home.path, home.logs, home.run]) expect(statSync(path).mode & 0o777).toBe(0o700);
  chmodSync(home.path, 0o1777);
  expect(() => prepareHome(home)).toThrow(/it is shared with other users, and Blok needs a folder of its own/);
});

it.runIf(process.platform === 'linux')('gives up if no folder can be made, root or not', () => {
  expect(() => prepareHome(homeAt('/proc/blok/home'))).toThrow(/cannot be used: no folder can be made there/);
});
