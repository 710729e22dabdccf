import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import config from '../../vitest.config.ts';
import { LONG } from './longest-first.ts';

const isMissing = (file: string): boolean => !existsSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)));

it('runs files alone that exist: one that has moved would run beside others again', () => {
  const projects = config.test?.projects as readonly { test: { name: string; include: string[] } }[];
  const alone = projects.find(({ test }) => test.name === 'e2e-alone')!.test.include;
  expect(alone.filter(isMissing)).toEqual([]);
  expect(alone.length).toBeGreaterThan(0);
});

it('begins with files that exist: one that has moved would begin late again', () => {
  expect(LONG.filter(isMissing)).toEqual([]);
  expect(new Set(LONG).size).toBe(LONG.length);
});
