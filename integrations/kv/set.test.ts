import { describe, expect, it } from 'vitest';
import type { KvStore } from '../context.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { set } from './set.ts';

describe('kv.set', () => {
  it('keeps a value, null included, and returns the one before', async () => {
    const ctx = fakeContext();
    await ctx.kv.set('sol', 1, { scope: 'workflow' });
    const second = { ...ctx, kv: ctx.kv };
    expect(await runNode(set, second, { key: 'other', value: null })).toMatchObject({ version: 1 });
  });

  it('hands the store the scope, the life time and the expected version', async () => {
    const calls: unknown[] = [];
    const kv = {
      set: async (...call: unknown[]) => {
        calls.push(call);
        return { value: 1, previous: null, version: 1 };
      },
    } as unknown as KvStore;
    const ctx = fakeContext({ kv });
    await runNode(set, ctx, { key: 'a', value: 1 });
    await runNode(set, ctx, { key: 'a', value: 1, ttl: '1m30s', ifVersion: null, scope: 'workspace' });
    expect(calls).toEqual([
      ['a', 1, { scope: 'workflow' }],
      ['a', 1, { scope: 'workspace', ttlMs: 90_000, ifVersion: null }],
    ]);
  });

  it('passes a conflict on', async () => {
    const error = await failure(runNode(set, fakeContext(), { key: 'a', value: 1, ifVersion: 3 }));
    expect([error.code, error.retryable]).toEqual(['kv.conflict', false]);
  });

  it.each([{ ttl: '0s' }, { ttl: 'soon' }, { ttl: 5 }, { ifVersion: 0 }])('refuses %j', (wrong) => {
    expect(set.input.safeParse({ key: 'a', value: 1, ...wrong }).success).toBe(false);
    expect(set.input.safeParse({ key: 'a' }).success).toBe(false);
  });
});
