import type { ModelPrice } from '../price.ts';

const LISTED = {
  provider: 'anthropic',
  source: 'https://platform.claude.com/docs/en/about-claude/pricing (2026-10-24)',
} as const;

/** What each model costs. What is written to the cache stays there for five minutes. */
export const ANTHROPIC: readonly ModelPrice[] = [
  {
    ...{ ...LISTED, model: 'claude-fable-5-1', from: '2026-06-01' },
    ...{ input: '10', cacheRead: '0.25', cacheWrite: '12.5', output: '50' },
  },
  {
    ...{ ...LISTED, model: 'claude-fable-5', from: '2026-06-01' },
    ...{ input: '10', cacheRead: '1', cacheWrite: '12.5', output: '50' },
  },
  {
    ...{ ...LISTED, model: 'claude-opus-5-5', from: '2026-09-22' },
    ...{ input: '4', cacheRead: '0.2', cacheWrite: '5', output: '20' },
  },
  ...['claude-opus-5', 'claude-opus-4-8', 'claude-opus-4-7', 'claude-opus-4-6', 'claude-opus-4-5'].map((model) => ({
    ...{ ...LISTED, model, from: '2025-11-24' },
    ...{ input: '5', cacheRead: '0.5', cacheWrite: '6.25', output: '25' },
  })),
  ...['claude-opus-4-1', 'claude-opus-4-0', 'claude-opus-4'].map((model) => ({
    ...{ ...LISTED, model, from: '2025-05-14' },
    ...{ input: '15', cacheRead: '1.5', cacheWrite: '18.75', output: '75' },
  })),
  {
    ...{ ...LISTED, model: 'claude-sonnet-5-5', from: '2026-09-01' },
    ...{ input: '2', cacheRead: '0.2', cacheWrite: '2.5', output: '10' },
  },
  {
    ...{ ...LISTED, model: 'claude-sonnet-5-5', from: '2026-10-07' },
    ...{ input: '2', cacheRead: '0.1', cacheWrite: '2.5', output: '10' },
  },
  {
    ...{ ...LISTED, model: 'claude-sonnet-5', from: '2026-06-01' },
    ...{ input: '2', cacheRead: '0.2', cacheWrite: '2.5', output: '10' },
  },
  ...['claude-sonnet-4-6', 'claude-sonnet-4-5', 'claude-sonnet-4-0', 'claude-sonnet-4', 'claude-3-7-sonnet'].map(
    (model) => ({
      ...{ ...LISTED, model, from: '2025-02-24' },
      ...{ input: '3', cacheRead: '0.3', cacheWrite: '3.75', output: '15' },
    }),
  ),
  {
    ...{ ...LISTED, model: 'claude-haiku-5-5', from: '2026-10-07' },
    ...{ input: '0.1', cacheRead: '0.01', cacheWrite: '0.125', output: '0.5' },
    long: { above: 100_000, input: '0.5', cacheRead: '0.05', cacheWrite: '0.625', output: '2.5' },
  },
  {
    ...{ ...LISTED, model: 'claude-haiku-4-5', from: '2025-10-15' },
    ...{ input: '1', cacheRead: '0.1', cacheWrite: '1.25', output: '5' },
  },
  {
    ...{ ...LISTED, model: 'claude-3-5-haiku', from: '2024-11-04' },
    ...{ input: '0.8', cacheRead: '0.08', cacheWrite: '1', output: '4' },
  },
];
