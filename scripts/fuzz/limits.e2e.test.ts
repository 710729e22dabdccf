import { spawnSync } from 'node:child_process';
import { expect, inject, it } from 'vitest';

/** How many random ones: `BLOK_SCALE=all` tries twenty thousand, `npm run fuzz -- expressions` a million. */
const RANDOM = process.env.BLOK_SCALE === 'all' ? 20_000 : 5_000;

// Processes of their own, while no other test runs: beside other tests, collecting their garbage counts as time of an expression.
it.each([
  ['that spends all its fuel on one operation, or was hostile before', ['prices'], 300],
  [`of ${RANDOM} random ones`, ['expressions', '--count', `${RANDOM}`, '--seed', `${inject('seed')}`], RANDOM],
])('no expression takes more than the limit of time: one %s', (_which, args, least) => {
  const fuzz = spawnSync(process.execPath, ['scripts/fuzz/main.ts', ...args], { encoding: 'utf8' });
  const tried = Number(/^(\d+) sources in/m.exec(fuzz.stdout)?.[1]);
  expect(tried, fuzz.stderr).toBeGreaterThanOrEqual(least);
  expect(fuzz.status, fuzz.stdout).toBe(0);
});
