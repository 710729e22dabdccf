import { describe, expect, it } from 'vitest';
import { together } from './together.ts';

/** Work that is noted, and that ends when it is told to. */
function noted(outputOf: (input: string) => string = (input) => input.toUpperCase()) {
  const batches: (readonly string[])[] = [];
  const ends: (() => void)[] = [];
  const work = async (inputs: readonly string[]) => {
    batches.push(inputs);
    await new Promise<void>((resolve) => ends.push(resolve));
    return inputs.map(outputOf);
  };
  const end = async (count: number) => {
    await expect.poll(() => ends.length).toBe(count);
    ends.at(-1)!();
  };
  return { batches, work, end };
}

describe('work together', () => {
  it('is done once for all who ask at the same time, and gives each its own output', async () => {
    const { batches, work, end } = noted();
    const ask = together(work, { most: 10 });
    const all = Promise.all(['a', 'b', 'c'].map(ask));
    await end(1);
    expect(await all).toEqual(['A', 'B', 'C']);
    expect(batches).toEqual([['a', 'b', 'c']]);
  });

  it('begins after it was asked for: whoever asks while it is being done waits for the next time', async () => {
    const { batches, work, end } = noted();
    const ask = together(work, { most: 10 });
    const first = ask('a');
    await expect.poll(() => batches).toEqual([['a']]);
    const later = [ask('b'), ask('c')];
    await end(1);
    expect(await first).toBe('A');
    await end(2);
    expect(await Promise.all(later)).toEqual(['B', 'C']);
    expect(batches).toEqual([['a'], ['b', 'c']]);
  });

  it('has at most so many inputs at a time, and none twice', async () => {
    const batches: (readonly string[])[] = [];
    const ask = together(
      async (inputs: readonly string[]) => {
        batches.push(inputs);
        return inputs;
      },
      { most: 3, keyOf: (input) => input[0]! },
    );
    await Promise.all(['a', 'b', 'a2', 'c', 'd', 'e'].map(ask));
    expect(batches).toEqual([['a', 'b'], ['a2', 'c', 'd'], ['e']]);
  });

  it('holds up nobody else if it hangs', async () => {
    const { work, batches } = noted();
    const ask = together(async (inputs: readonly string[]) => (inputs[0] === 'hangs' ? work(inputs) : inputs), {
      most: 1,
    });
    void ask('hangs');
    await expect.poll(() => batches.length).toBe(1);
    expect(await ask('b')).toBe('b');
  });

  it('fails for those alone whose input fails', async () => {
    const ask = together(
      async (inputs: readonly string[]) => {
        if (inputs.includes('bad')) throw new Error('bad input');
        return inputs;
      },
      { most: 10 },
    );
    const outcomes = await Promise.allSettled(['a', 'bad', 'b'].map(ask));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await ask('c')).toBe('c');
  });

  it('fails for all at once while the database is away: nobody waits for the attempts of the others', async () => {
    let attempts = 0;
    const ask = together(
      async () => {
        attempts++;
        throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
      },
      { most: 10 },
    );
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(ask));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(attempts).toBe(1);
  });
});
