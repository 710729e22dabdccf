import { describe, expect, it, vi } from 'vitest';
import { createOutlet } from './outlet.ts';

const open = (stuckMs?: number) => {
  const closed = vi.fn();
  const outlet = createOutlet({ instead: () => 'look again', closed }, stuckMs);
  const reader = outlet.stream.getReader();
  const read = async () => {
    const { value, done } = await reader.read();
    return done ? null : new TextDecoder().decode(value);
  };
  return { outlet, reader, read, closed };
};

describe('an outlet', () => {
  it('hands out what is written, in order', async () => {
    const { outlet, read } = open();
    for (const text of ['a', 'b']) outlet.write(text);
    expect([await read(), await read()]).toEqual(['a', 'b']);
  });

  it('holds a bounded amount for a reader that takes nothing, and then says that something was left out', async () => {
    const { outlet, read } = open();
    const kilobyte = 'x'.repeat(1_024);
    for (let n = 0; n < 100_000; n++) outlet.write(kilobyte);
    expect(outlet.isEmpty()).toBe(false);
    let all = '';
    for (let text = await read(); text !== null; text = await read()) {
      all += text;
      if (text.endsWith('look again')) break;
    }
    expect(all.length).toBeLessThan(200 * 1_024);
    outlet.write('after');
    expect(await read()).toBe('after');
  });

  it('cuts off a reader that takes nothing for too long', async () => {
    const { outlet, read, closed } = open(20);
    for (let n = 0; n < 200; n++) outlet.write('x'.repeat(1_024));
    await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1));
    await expect(read()).rejects.toThrow('takes nothing');
    outlet.write('nobody hears it');
  });

  it('knows when its reader goes away', async () => {
    const { outlet, reader, closed } = open();
    await reader.cancel();
    expect(closed).toHaveBeenCalledTimes(1);
    outlet.write('nobody hears it');
    outlet.close();
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it('hands out what it holds before it ends', async () => {
    const { outlet, read } = open();
    outlet.write('last');
    outlet.close();
    expect([await read(), await read()]).toEqual(['last', null]);
  });
});
