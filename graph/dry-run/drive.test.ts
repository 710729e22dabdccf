import { describe, expect, it } from 'vitest';
import { planOf } from '../run-state/testing/game.ts';
import { dryRun } from './index.ts';

describe('a dry run of an endless loop', () => {
  it.each([
    ['with steps', '{ a: { uses: set, with: { value: 1 } } }'],
    ['without any', '{}'],
  ])('is cut short: %s', (_what, nodes) => {
    const plan = planOf(
      `nodes: { w: { uses: while, with: { state: 0, test: "\${{ true }}", max: unlimited }, nodes: ${nodes}, output: "\${{ index }}" } }`,
    );
    expect(dryRun({ plan, maxSteps: 50 }).status).toBe('running');
  });
});
