import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { commandFor, type Wall } from '../walls.ts';

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

/** The child's program, with other text in place of the script: the state of a script that got out of its realm. */
export const escapedChild = (text: string): string =>
  [read('encoding-tables.cjs'), read('child.cjs').replace(/const said = run\(\);[\s\S]*$/, () => text)].join('\n');

/** What a process needs to find the tools of a wall. */
export const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** What a child is given on its standard input. */
export const REQUEST = JSON.stringify({ guest: '', program: '', timeoutMs: 1_000 });

/** Runs code behind a wall. */
export function behind(wall: Wall, code: string) {
  const { file, args } = commandFor(wall, { code, cpuSeconds: 5, node: process.execPath, givesWay: false });
  const env = { ...ENVIRONMENT, BLOK_SECRET: 'canary' };
  return spawnSync(file, args, { cwd: '/', env, input: REQUEST, encoding: 'utf8', timeout: 20_000 });
}

/** The walls that this machine offers. */
export const offeredWalls = (): Wall[] =>
  (['bwrap', 'namespaces', 'process'] as const).filter((wall) => behind(wall, 'console.log(42)').stdout === '42\n');
