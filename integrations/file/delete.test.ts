import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { remove } from './delete.ts';

describe('file.delete', () => {
  it('deletes a file; an absent one is no error', async () => {
    const ctx = fakeContext();
    await ctx.files.write('a', Buffer.from('x'), null);
    expect(await runNode(remove, ctx, { path: 'a' })).toEqual({ path: 'a', deleted: true });
    expect(await runNode(remove, ctx, { path: 'a' })).toEqual({ path: 'a', deleted: false });
    expect((await failure(runNode(remove, ctx, { path: '/a' }))).code).toBe('file.path');
  });
});
