import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { refuseEarly } from './rate.ts';

/** What the door needs of a process whose one address is crowded or asked too often. */
const contextOf = ({ isFull = false, allowed = true }): Context => {
  const known = {
    hookShares: { isFull: () => isFull },
    hookRates: { take: async () => ({ allowed, retryAfterMs: 3 }) },
    tally: { countRefusedAt: () => undefined },
  };
  return known as unknown as Context;
};
const askFor = (url: string, given: Parameters<typeof contextOf>[0] = {}) =>
  refuseEarly(contextOf(given), { url } as IncomingMessage);
const AT = `/hooks/${'x'.repeat(43)}`;

it.each([AT, `${AT}/a/b`, `${AT}?a=1`])(
  'the door lets pass, or refuses cheaply, what is for a webhook: %s',
  async (url) => {
    expect(await askFor(url)).toBeNull();
    expect(await askFor(url, { isFull: true })).toMatchObject({ code: 'hook.busy' });
    expect(await askFor(url, { allowed: false })).toMatchObject({ code: 'hook.tooMany', retryAfterMs: 3 });
  },
);

it.each(['/api/runs', '/hooks/', '/hooks/short', `/forms/${'x'.repeat(43)}`, `${AT}%00`])(
  'the door has no say in anything else: %s',
  (url) => {
    expect(askFor(url, { isFull: true })).toBeUndefined();
  },
);
