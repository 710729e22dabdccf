import { describe, expect, it } from 'vitest';
import type { ApiProblem } from '../../http/problem.ts';
import { createPlaces } from './places.ts';

/** Three places for each address, and bodies that come until they are told to end. */
function usePlaces() {
  const clock = { at: 0 };
  const places = createPlaces({ atOnce: 3, slowMs: 1_000, now: () => clock.at });
  const end = new Map<string, () => void>();
  const send = (name: string, { sender = name, address = 'a' } = {}): Promise<string> =>
    places
      .use({ address, sender }, (stoppable) => {
        const { promise, resolve, reject } = Promise.withResolvers<string>();
        stoppable((why: ApiProblem) => reject(why));
        end.set(name, () => resolve(name));
        return promise;
      })
      .catch(({ code }: ApiProblem) => code);
  return { clock, send, end };
}

describe('places for bodies', () => {
  it('go from a slow body to one that has just come, and not from one that is quick', async () => {
    const { clock, send, end } = usePlaces();
    const first = send('first');
    clock.at = 500;
    const others = [send('second'), send('third')];
    clock.at = 999;
    expect(await send('too soon')).toBe('hook.busy');
    clock.at = 1_000;
    const next = send('next');
    expect(await first).toBe('hook.busy');
    expect(await send('one more')).toBe('hook.busy');
    for (const name of ['second', 'third', 'next']) end.get(name)!();
    expect(await Promise.all([...others, next])).toEqual(['second', 'third', 'next']);
  });

  it('go from a sender with more than its part to one with fewer, however quick it is', async () => {
    const { send, end } = usePlaces();
    const crowd = ['1', '2', '3'].map((name) => send(name, { sender: 'crowd' }));
    const other = send('other');
    expect(await crowd[0]).toBe('hook.busy');
    expect(await send('4', { sender: 'crowd' })).toBe('hook.busy');
    for (const name of ['2', '3', 'other']) end.get(name)!();
    expect(await Promise.all([...crowd.slice(1), other])).toEqual(['2', '3', 'other']);
  });

  it('of one address are nothing to another, and are free again after any end', async () => {
    const { send, end } = usePlaces();
    for (const round of [1, 2]) {
      const all = ['1', '2', '3'].map((name) => send(`${round}${name}`));
      const other = send('elsewhere', { address: 'b' });
      for (const one of end.values()) one();
      expect(await Promise.all([...all, other])).toEqual([`${round}1`, `${round}2`, `${round}3`, 'elsewhere']);
    }
  });
});
