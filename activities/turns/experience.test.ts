import { expect, it } from 'vitest';
import { createExperience } from './experience.ts';

const asker = (work: string, workspace = 'ws') => ({ workspace, runId: 'r', work, inCrowd: false });

it('expects of work what it was before', () => {
  const experience = createExperience(1_000);
  expect(experience.expect(asker('a'))).toBe('unknown');
  experience.note(asker('a'), 999);
  experience.note(asker('b'), 1_000);
  expect(['a', 'b', 'c'].map((work) => experience.expect(asker(work)))).toEqual(['short', 'long', 'unknown']);
  expect(experience.expect(asker('a', 'other'))).toBe('unknown');
});

it('expects short work to stay short when it took long now and then, and long work to stay long', () => {
  const experience = createExperience(1_000);
  for (const ms of [50, 5_000, 5_000, 5_000, 5_000]) experience.note(asker('a'), ms);
  expect(experience.expect(asker('a'))).toBe('short');
  experience.note(asker('a'), 5_000);
  expect(experience.expect(asker('a'))).toBe('long');
  experience.note(asker('a'), 50);
  expect(experience.expect(asker('a'))).toBe('short');
});

it('forgets what was not used for longest', () => {
  const experience = createExperience(1_000);
  for (let n = 0; n <= 10_000; n++) experience.note(asker(`w${n}`), 1);
  expect([0, 1, 10_000].map((n) => experience.expect(asker(`w${n}`)))).toEqual(['unknown', 'short', 'short']);
});
