import { expect, it } from 'vitest';
import type { OpenConnection } from './context.ts';
import { limitsOf } from './rate-limit.ts';

const connection: OpenConnection = { name: 'crm', type: 'http-bearer', data: {}, hosts: [] };
const node = { type: 'chat.post' };
const perChannel = {
  ...node,
  rate: { limit: 1, per: '1s' },
  rateKey: (input: unknown) => (input as { channel: string }).channel,
};

it('are none unless somebody states one', () => {
  expect(limitsOf(node, {}, null)).toEqual([]);
  expect(limitsOf(node, {}, connection, {})).toEqual([]);
});

it('are those of the connection: what the user set goes before what its type states', () => {
  const type = { rate: { limit: 10, per: '1m', burst: 3 } };
  const [typed] = limitsOf(node, {}, connection, type);
  expect(typed).toMatchObject({ of: 'the connection "crm"', rate: { perMs: 60_000, burst: 3 } });
  expect(typed!.rate.limit).toBeCloseTo(9.5);
  const [set] = limitsOf(node, {}, { ...connection, rateLimit: { limit: 50, per: '1s' } }, type);
  expect(set).toMatchObject({ key: typed!.key, rate: { perMs: 1_000, burst: 1 } });
  expect(set!.rate.limit).toBeCloseTo(47.5);
});

it('are those of the node and its channel, and the connection as a whole', () => {
  const limited = { ...connection, rateLimit: { limit: 50, per: '1s' } };
  const keys = (channel: string, name = 'crm') =>
    limitsOf(perChannel, { channel }, { ...limited, name }).map(({ key }) => key);
  expect(keys('a')).toHaveLength(2);
  expect(keys('a')[0]).not.toBe(keys('b')[0]);
  expect(keys('a')[1]).toBe(keys('b')[1]);
  expect(keys('a')[0]).not.toBe(keys('a', 'other')[0]);
  expect(limitsOf(perChannel, { channel: 'a' }, null)).toMatchObject([{ of: 'chat.post (a)' }]);
});
