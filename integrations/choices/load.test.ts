import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { NodeType } from '../define.ts';
import { fakeProvider } from '../testing/fake-provider/provider.ts';
import { failure, fakeContext } from '../testing/run-node.ts';
import { createChoiceCache } from './cache.ts';
import { CHOICES_WITHIN_MS, loadChoices, loadFields } from './load.ts';

const chat = await fakeProvider({
  state: () => ({ channels: Array.from({ length: 250 }, (_, i) => `channel-${i}`) }),
  routes: {
    'GET /channels': ({ query }, { channels }) => {
      const found = channels.filter((name) => name.includes(query.get('q') ?? ''));
      const from = Number(query.get('from') ?? 0);
      return { body: { names: found.slice(from, from + 100), next: from + 100 < found.length ? from + 100 : null } };
    },
  },
});
beforeEach(() => chat.reset());
afterEach(() => void vi.useRealTimers());
afterAll(() => chat.close());

const node = (more: Partial<NodeType>): NodeType =>
  ({ type: 'chat.post', input: z.strictObject({ channel: z.string(), fields: z.unknown() }), ...more }) as NodeType;
const channels = node({
  options: {
    channel: async (ctx, { search, cursor }) => {
      const answer = await ctx.fetch(`${chat.base}/channels?q=${search}&from=${cursor ?? 0}`);
      const { names, next } = (await answer.json()) as { names: string[]; next: number | null };
      return {
        items: names.map((name) => ({ value: name, label: `#${name}` })),
        next: next === null ? null : String(next),
      };
    },
  },
});
const first = { search: '', cursor: null, input: {} };
const place = () => fakeContext();

describe('choices', () => {
  it('come page by page, and by what is searched', async () => {
    let cursor: string | null = null;
    const all: string[] = [];
    do {
      const page = await loadChoices(place(), channels, 'channel', { ...first, cursor });
      all.push(...page.items.map(({ value }) => value));
      cursor = page.next;
    } while (cursor !== null);
    expect(all).toEqual(chat.state.channels);
    const found = await loadChoices(place(), channels, 'channel', { ...first, search: 'channel-249' });
    expect(found).toEqual({ items: [{ value: 'channel-249', label: '#channel-249' }], next: null });
  });

  it('that never come end after five seconds, even if the code listens to nothing', async () => {
    vi.useFakeTimers();
    const never = node({
      options: { channel: () => new Promise(() => undefined) },
      fields: () => new Promise(() => undefined),
    });
    const waiting = [loadChoices(place(), never, 'channel', first), loadFields(place(), never, {})].map(failure);
    await vi.advanceTimersByTimeAsync(CHOICES_WITHIN_MS);
    for (const error of await Promise.all(waiting))
      expect(error).toMatchObject({ code: 'options.timeout', retryable: true });
  });

  it.each<[string, unknown]>([
    ['too many', { items: Array(101).fill({ value: 'a', label: 'a' }), next: null }],
    ['too large', { items: [{ value: 'x'.repeat(300_000), label: 'a' }], next: null }],
    ['of a wrong shape', { items: ['a'], next: null }],
    ['nothing', undefined],
  ])('that are %s are refused', async (_, answer) => {
    const odd = node({ options: { channel: async () => answer as never } });
    expect((await failure(loadChoices(place(), odd, 'channel', first))).code).toBe('options.invalid');
  });

  it('are only there for the parameters that have them', async () => {
    for (const field of ['other', 'constructor', '__proto__']) {
      expect((await failure(loadChoices(place(), channels, field, first))).code).toBe('options.none');
    }
    expect((await failure(loadFields(place(), channels, {}))).code).toBe('options.none');
  });

  it('go out through the guard', async () => {
    const leaving = node({
      options: { channel: async (ctx) => (await ctx.fetch('http://169.254.169.254/')).json() as never },
    });
    expect((await failure(loadChoices(place(), leaving, 'channel', first))).code).toBe('network.forbidden');
  });

  it('may be fields that depend on other parameters', async () => {
    const sheet = node({
      fields: async (_, { table }) => ({
        type: 'object',
        properties: { [String(table)]: { type: ['string', 'null'] } },
      }),
    });
    expect(await loadFields(place(), sheet, { table: 'a' })).toEqual({
      type: 'object',
      properties: { a: { type: ['string', 'null'] } },
    });
  });
});

describe('the cache of choices', () => {
  it('loads once a minute for a key, once for callers at the same time, and keeps no failure', async () => {
    let [now, loads] = [0, 0];
    const cache = createChoiceCache(() => now);
    const load = () => cache.get(['a', 1], async () => ++loads);
    expect(await Promise.all([load(), load(), load()])).toEqual([1, 1, 1]);
    expect(await cache.get(['b', 1], async () => 'other')).toBe('other');
    now = 60_000;
    expect(await load()).toBe(2);
    await expect(cache.get(['c'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get(['c'], async () => 'yes')).toBe('yes');
  });
});
