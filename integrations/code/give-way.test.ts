import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterEach, expect, it } from 'vitest';
import { giveWay } from './give-way.ts';

let stop = (): void => undefined;
afterEach(() => stop());

it('lets a child and its session use what others leave of the processor', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
  stop = () => void child.kill('SIGKILL');
  await once(child, 'spawn');
  giveWay(child.pid);
  expect(getPriority(child.pid!)).toBe(15);
  const session = `/proc/${child.pid}/autogroup`;
  if (existsSync(session)) expect(readFileSync(session, 'utf8')).toContain('nice 16');
});

it('does not change the share of the session of the worker itself', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  stop = () => void child.kill('SIGKILL');
  await once(child, 'spawn');
  const session = '/proc/self/autogroup';
  const before = existsSync(session) ? readFileSync(session, 'utf8') : '';
  giveWay(child.pid);
  expect(getPriority(child.pid!)).toBe(15);
  if (before) expect(readFileSync(session, 'utf8')).toBe(before);
});

it('does nothing about a child that has ended', () => {
  giveWay(undefined);
  giveWay(2 ** 30);
});
