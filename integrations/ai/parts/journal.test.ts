import { describe, expect, it } from 'vitest';
import type { Json } from '../../../graph/json.ts';
import { fakeContext } from '../../testing/run-node.ts';
import { inParallel } from './in-parallel.ts';
import { openJournal } from './journal.ts';

describe('the journal of a step with many parts', () => {
  it('does a finished part once, whatever becomes of the attempt', async () => {
    const ctx = fakeContext();
    const done: number[] = [];
    const attempt = async (dies: number) => {
      const journal = await openJournal(ctx, 'the same work');
      return inParallel([0, 1, 2, 3, 4, 5], 2, (n) =>
        journal.part(`${n}`, async () => {
          if (n === dies) throw new Error('killed');
          done.push(n);
          return { n };
        }),
      );
    };
    await expect(attempt(3)).rejects.toThrow('killed');
    expect(await attempt(-1)).toEqual([0, 1, 2, 3, 4, 5].map((n) => ({ n })));
    expect(done.sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keeps thousands of parts in a cell of 64 KB', async () => {
    const ctx = fakeContext();
    const journal = await openJournal(ctx, 1);
    await inParallel(Array.from({ length: 2_000 }), 8, (_, n) => journal.part(`${n}`, async () => n));
    expect(JSON.stringify(await ctx.cell<Json>().read()).length).toBeLessThan(65_536);
    const again = await openJournal(ctx, 1);
    const never = () => Promise.reject(new Error('done before'));
    for (const n of [0, 299, 300, 1_500, 1_999]) expect(await again.part(`${n}`, never)).toBe(n);
  });

  it('gives each part a memory of its own, which an attempt after a crash finds', async () => {
    const ctx = fakeContext();
    const crash = (await openJournal(ctx, 1)).part('a', async (memoryOf) => {
      await memoryOf('answer').write('response-1');
      throw new Error('killed');
    });
    await expect(crash).rejects.toThrow('killed');
    const second = await openJournal(ctx, 1);
    expect(await second.part('b', (memoryOf) => memoryOf('answer').read())).toBeNull();
    expect(await second.part('a', (memoryOf) => memoryOf('answer').read())).toBe('response-1');
  });

  it('does not continue other work', async () => {
    const ctx = fakeContext();
    await (await openJournal(ctx, { text: 'a' })).part('0', async () => 'of a');
    expect(await (await openJournal(ctx, { text: 'b' })).part('0', async () => 'of b')).toBe('of b');
  });
});

describe('work in parallel', () => {
  it('begins nothing after a failure, and waits for what has begun', async () => {
    const began: number[] = [];
    let finished = 0;
    const work = inParallel([0, 1, 2, 3], 2, async (n) => {
      began.push(n);
      if (n === 0) throw new Error('first');
      await new Promise((resolve) => setImmediate(resolve));
      finished += 1;
    });
    await expect(work).rejects.toThrow('first');
    expect([began, finished]).toEqual([[0, 1], 1]);
  });
});
