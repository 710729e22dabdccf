import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { soon } from './patience.ts';

it('gives up an answer that does not come, and minds neither that it comes later nor that it fails later', async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  await expect(soon(promise)).rejects.toThrow('within 250 ms');
  reject(new Error('too late'));
  await expect(soon(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});

it('reads what has arrived while this process was busy', async () => {
  const child = spawn(process.execPath, ['-e', "setTimeout(() => console.log('here'), 100)"]);
  await once(child, 'spawn');
  const answer = soon(once(child.stdout, 'data'));
  // The other process answers meanwhile.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
  expect(String(await answer)).toContain('here');
});
