import { describe, expect, it } from 'vitest';
import { createLineGate } from './line-gate.ts';

const open = new AbortController().signal;

describe('the gate of a line', () => {
  it('lets one after another ask, and other lines meanwhile, whatever becomes of them', async () => {
    const gate = createLineGate();
    let isFree = true;
    const asked: number[] = [];
    const ask = (n: number) =>
      gate.pass('full', open, async () => {
        expect(isFree).toBe(true);
        isFree = false;
        await new Promise((resolve) => setImmediate(resolve));
        isFree = true;
        asked.push(n);
        if (n === 2) throw new Error('away');
        return n;
      });
    const answers = Promise.allSettled([1, 2, 3, 4].map(ask));
    await gate.pass('other', open, async () => expect(asked).toEqual([]));
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(asked).toEqual([1, 2, 3, 4]);
  });

  it('lets nobody pass for whom nobody waits any more', async () => {
    const gate = createLineGate();
    const late = new AbortController();
    let hasAsked = false;
    const first = gate.pass('l', open, async () => late.abort(new Error('its time is over')));
    const second = gate.pass('l', late.signal, async () => {
      hasAsked = true;
    });
    await first;
    await expect(second).rejects.toThrow('its time is over');
    expect(hasAsked).toBe(false);
  });
});
