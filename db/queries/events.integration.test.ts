import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { runRecord } from '../testing/records.ts';
import { sweep } from '../testing/sweep.ts';
import { useDatabase } from '../testing/tenants.ts';
import { eventsFor, matchWaits, storeEvent } from './events.ts';
import { getResumeToken, saveResumeToken, useResumeToken } from './resume-tokens.ts';
import { upsertRun } from './runs/record-run.ts';

const store = useDatabase();
const since = '2026-01-01T00:00:00.000Z';

describe('events', () => {
  it('are stored once per id; the first content stays', async () => {
    const first = await store.inside((tx) => storeEvent(tx, { id: 'e1', name: 'paid', key: '7', data: { n: 1 } }));
    expect(first).toMatchObject({ id: 'e1', name: 'paid', key: '7', data: { n: 1 }, stored: true });
    const again = await store.inside((tx) => storeEvent(tx, { id: 'e1', name: 'paid', key: '7', data: { n: 2 } }));
    expect(again).toEqual({ ...first, stored: false });
  });

  it('are found by name and key since a time, oldest first', async () => {
    const inside = <T>(fn: Parameters<typeof store.inside<T>>[0]) => store.inside(fn, 'find');
    const odd = 'k\u0000\ud800'.repeat(2000);
    await inside((tx) => storeEvent(tx, { id: '1', name: 'x', key: 'a', data: null }));
    await inside((tx) => storeEvent(tx, { id: '2', name: 'x', data: 'any' }));
    await inside((tx) => storeEvent(tx, { id: '3', name: 'x', key: 'b', data: 3 }));
    await inside((tx) => storeEvent(tx, { id: '4', name: 'y', key: odd, data: 4 }));
    const find = async (name: string, key: string | null, from = since) =>
      (await inside((tx) => eventsFor(tx, { name, key, since: from }))).map((e) => e.id);
    expect(await find('x', 'a')).toEqual(['1', '2']);
    expect(await find('x', null)).toEqual(['1', '2', '3']);
    expect(await find('y', odd)).toEqual(['4']);
    expect(await find('x', null, '2999-01-01T00:00:00.000Z')).toEqual([]);
    expect(await store.inside((tx) => eventsFor(tx, { name: 'x', since }), 'other')).toEqual([]);
  });

  it('reach the open runs whose wait matches', async () => {
    const inside = <T>(fn: Parameters<typeof store.inside<T>>[0]) => store.inside(fn, 'match');
    const wait = (step: string, event: string, key: string | null) =>
      ({ step, kind: 'event', event, key, since, until: null }) as const;
    await inside((tx) =>
      upsertRun(tx, runRecord({ runId: 'both', waits: [wait('a', 'x', '1'), wait('b', 'x', null)] })),
    );
    await inside((tx) =>
      upsertRun(
        tx,
        runRecord({
          runId: 'one',
          waits: [wait('a', 'x', '1'), { ...wait('t', 'x', '1'), kind: 'timer', event: undefined }],
        }),
      ),
    );
    await inside((tx) => upsertRun(tx, runRecord({ runId: 'two', waits: [wait('a', 'x', '2')] })));
    await inside((tx) =>
      upsertRun(tx, runRecord({ runId: 'long', waits: [wait('a', 'n'.repeat(9000), 'k'.repeat(9000))] })),
    );
    const match = async (name: string, key?: string) =>
      (await inside((tx) => matchWaits(tx, { name, key }))).map((m) => [m.runId, m.steps]);
    expect(await match('x', '1')).toEqual([
      ['both', ['a', 'b']],
      ['one', ['a']],
    ]);
    expect(await match('x', '2')).toEqual([
      ['both', ['b']],
      ['two', ['a']],
    ]);
    expect(await match('x')).toEqual([
      ['both', ['a', 'b']],
      ['one', ['a']],
      ['two', ['a']],
    ]);
    expect(await match('n'.repeat(9000), 'k'.repeat(9000))).toEqual([['long', ['a']]]);
    expect(await match('nobody', '1')).toEqual([]);
    expect(await store.inside((tx) => matchWaits(tx, { name: 'x' }), 'other')).toEqual([]);
  });

  it('are matched by the index', async () => {
    const plan = await store.inside(async (tx) => {
      await tx.db.execute(sql`set local enable_seqscan = off`);
      const rows = await tx.db.execute(
        sql`explain select * from wait where workspace_id = 'a' and md5(event) = md5('x') and event = 'x'`,
      );
      return rows.rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toContain('wait_for_event');
  });

  it('are swept only once no open run can take them', async () => {
    const inside = <T>(fn: Parameters<typeof store.inside<T>>[0]) => store.inside(fn, 'age');
    await inside((tx) => storeEvent(tx, { id: 'old', name: 'x', data: 1 }));
    await inside((tx) => tx.db.execute(sql`update event set received_at = now() - interval '30 days'`));
    const startedAt = new Date(Date.now() - 40 * 86_400_000).toISOString();
    await inside((tx) => upsertRun(tx, runRecord({ runId: 'slow', startedAt })));
    expect(await inside(sweep)).toBe(0);
    await inside((tx) =>
      upsertRun(tx, runRecord({ runId: 'slow', startedAt, status: 'succeeded', endedAt: startedAt })),
    );
    expect(await inside(sweep)).toBe(1);
  });
});

describe('resume tokens', () => {
  it('are used once', async () => {
    const row = { hash: 'h', runId: 'r', step: 'ask', expiresAt: '2999-01-01T00:00:00.000Z' };
    await store.inside((tx) => saveResumeToken(tx, row));
    await store.inside((tx) => saveResumeToken(tx, row));
    expect(await store.inside((tx) => getResumeToken(tx, { hash: 'h' }))).toEqual({ usedAt: null });
    const uses = await Promise.all([1, 2, 3].map(() => store.inside((tx) => useResumeToken(tx, { hash: 'h' }))));
    expect(uses.filter(Boolean)).toHaveLength(1);
    expect(await store.inside((tx) => getResumeToken(tx, { hash: 'h' }), 'b')).toBeNull();
  });

  it('expire', async () => {
    await store.inside((tx) =>
      saveResumeToken(tx, { hash: 'old', runId: 'r', step: 'ask', expiresAt: '2020-01-01T00:00:00.000Z' }),
    );
    expect(await store.inside((tx) => useResumeToken(tx, { hash: 'old' }))).toBe(false);
  });
});
