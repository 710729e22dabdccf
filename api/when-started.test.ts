import { expect, it } from 'vitest';
import { createLog } from './http/log.ts';
import { whenStarted } from './when-started.ts';

const ctx = { log: createLog({ level: 'silent' }) };
const failing = (code: string) => Object.assign(new Error(code), { code });

it('waits for a database that starts', async () => {
  const answers = [failing('57P03'), failing('57P03')];
  const work = async () => {
    const error = answers.pop();
    if (error) throw error;
    return 'done';
  };
  expect(await whenStarted(ctx, work)).toBe('done');
});

it('does not wait for one that is not there: the address may be wrong', async () => {
  await expect(whenStarted(ctx, () => Promise.reject(failing('ECONNREFUSED')))).rejects.toThrow('ECONNREFUSED');
});
