import { describe, expect, it } from 'vitest';
import { fakeContext } from '../testing/run-node.ts';
import { run } from './run.ts';

describe('workflow.run', () => {
  it('waits for the latest version by default', () => {
    expect(run.input.parse({ workflow: 'score-lead' })).toEqual({ workflow: 'score-lead', wait: true });
    expect(run.input.safeParse({ workflow: 'x', version: 0 }).success).toBe(false);
    expect(run.input.safeParse({ workflow: 'x', allow: [] }).success).toBe(false);
  });

  it('is never run as an activity', () => {
    expect(() => run.run(fakeContext(), { workflow: 'x', wait: true })).toThrow('by the interpreter');
  });
});
