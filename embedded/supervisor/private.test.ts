import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { homeAt } from './home.ts';
import { closeHome } from './private.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'blok-private-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (...path: string[]) => statSync(join(folder, ...path)).mode & 0o777;

/** A file that an earlier Blok has left open, in folders that it has left open. */
function open(path: string): void {
  const parts = path.split('/');
  for (let depth = 1; depth < parts.length; depth++) {
    mkdirSync(join(folder, ...parts.slice(0, depth)), { recursive: true });
    chmodSync(join(folder, ...parts.slice(0, depth)), 0o755);
  }
  writeFileSync(join(folder, path), 'x');
  chmodSync(join(folder, path), 0o644);
}

it('closes what an earlier Blok has left open to others', () => {
  const files = ['temporal/temporal.db-wal', 'logs/blok.log', 'cache/a/b/bundle.js', 'secret.key', 'postgres/password'];
  for (const file of files) open(file);
  open('run/tool');
  chmodSync(join(folder, 'run', 'tool'), 0o755);
  chmodSync(folder, 0o755);
  closeHome(homeAt(folder));
  for (const file of files) expect(modeOf(file)).toBe(0o600);
  for (const path of ['', 'temporal', 'logs', 'cache', 'cache/a/b', 'postgres', 'run', 'run/tool']) {
    expect(modeOf(path)).toBe(0o700);
  }
});

it('leaves alone what is not of Blok, and what links lead to', () => {
  open('mine/notes.txt');
  mkdirSync(join(folder, 'home', 'logs'), { recursive: true });
  symlinkSync(join(folder, 'mine'), join(folder, 'home', 'logs', 'link'));
  open('home/letters.txt');
  closeHome(homeAt(join(folder, 'home')));
  expect([modeOf('mine'), modeOf('mine/notes.txt'), modeOf('home/letters.txt')]).toEqual([0o755, 0o644, 0o644]);
  expect(modeOf('home')).toBe(0o700);
});
