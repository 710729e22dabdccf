import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
  expect(statSync(home.logs).mode & 0o777).toBe(0o700);
});

it('says why a data folder cannot be used', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => prepareHome(homeAt(file))).toThrow(/cannot be used: a file is in the way.*BLOK_HOME/);
  expect(() => prepareHome(homeAt(join(file, 'below')))).toThrow(/cannot be used: a file is in the way/);
});

it.runIf(process.platform === 'linux')('gives up if no folder can be made, root or not', () => {
  expect(() => prepareHome(homeAt('/proc/blok/home'))).toThrow(/cannot be used: no folder can be made there/);
});
