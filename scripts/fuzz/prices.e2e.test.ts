import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

// A process of its own, while no other test runs: beside other tests, collecting their garbage counts as time of an operation.
it('no operation takes more than the limit of time, even if it spends all fuel of an expression', () => {
  const fuzz = spawnSync(process.execPath, ['scripts/fuzz/main.ts', 'prices'], { encoding: 'utf8' });
  const tried = Number(/^(\d+) sources/m.exec(fuzz.stdout)?.[1]);
  expect(tried, fuzz.stderr).toBeGreaterThan(300);
  expect(fuzz.status, fuzz.stdout).toBe(0);
});
