import { describe, expect, it } from 'vitest';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { get } from './get.ts';

describe('kv.get', () => {
  it('returns the value and its version, null if absent, per scope', async () => {
    const ctx = fakeContext();
    await ctx.kv.set('sol', { usd: 142 }, { scope: 'workspace' });
    expect(await runNode(get, ctx, { key: 'sol', scope: 'workspace' })).toEqual({ value: { usd: 142 }, version: 1 });
    expect(await runNode(get, ctx, { key: 'sol' })).toEqual({ value: null, version: null });
  });

  it.each(['', 'a\u0000b', 'x'.repeat(513)])('refuses the key %j', (key) => {
    expect(get.input.safeParse({ key }).success).toBe(false);
  });
});
