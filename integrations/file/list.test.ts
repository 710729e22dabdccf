import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { list } from './list.ts';

describe('file.list', () => {
  it('lists by prefix, in order, and says when there is more', async () => {
    const ctx = fakeContext();
    for (const path of ['r/c', 'r/a', 'r/b', 's/x']) await ctx.files.write(path, Buffer.from(path), null);
    const two = await runNode(list, ctx, { prefix: 'r/', limit: 2 });
    expect([two.files.map(({ path }) => path), two.count, two.more]).toEqual([['r/a', 'r/b'], 2, true]);
    expect(await runNode(list, ctx, {})).toMatchObject({ count: 4, more: false });
  });

  it('refuses a prefix outside the store', async () => {
    expect((await failure(runNode(list, fakeContext(), { prefix: '../' }))).code).toBe('file.path');
  });
});
