import { describe, expect, it } from 'vitest';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { remove } from './delete.ts';

describe('kv.delete', () => {
  it('removes a key and returns what it held; an absent key is no error', async () => {
    const ctx = fakeContext();
    await ctx.kv.set('sol', 7, { scope: 'workflow' });
    expect(await runNode(remove, ctx, { key: 'sol' })).toEqual({ previous: 7, deleted: true });
    expect(await runNode(remove, ctx, { key: 'sol' })).toEqual({ previous: null, deleted: false });
  });
});
