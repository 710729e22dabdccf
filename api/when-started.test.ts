import { expect, it } from 'vitest';
import { createLog } from '../telemetry/log.ts';
import { whenStarted } from './when-started.ts';

const ctx = { log: createLog({ level: 'silent' }) };
const failing = (code: string) => Object.assign(new Error(code), { code });

it('waits for a database that starts', async () => {
  const answers = [failing('57P03'), failing('57P02'), failing('ECONNREFUSED')];
  const work = async () => {
    const error = answers.pop();
    if (error) throw error;
    return 'done';
  };
  expect(await whenStarted(ctx, work)).toBe('done');
});

it.each(['ENOTFOUND', '28P01'])('does not wait where waiting does not help: %s', async (code) => {
  await expect(whenStarted(ctx, () => Promise.reject(failing(code)))).rejects.toThrow(code);
});
