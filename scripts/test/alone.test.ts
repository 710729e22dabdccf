import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import config from '../../vitest.config.ts';

it('runs files alone that exist: one that has moved would run beside others again', () => {
  const projects = config.test?.projects as readonly { test: { name: string; include: string[] } }[];
  const alone = projects.find(({ test }) => test.name === 'e2e-alone')!.test.include;
  const missing = alone.filter((file) => !existsSync(fileURLToPath(new URL(`../../${file}`, import.meta.url))));
  expect(missing).toEqual([]);
  expect(alone.length).toBeGreaterThan(0);
});
