import { setTimeout } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { runRecord } from '../../testing/records.ts';
import { sweep } from '../../testing/sweep.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { upsertRun } from '../runs/record-run.ts';
import { releaseSlot, takeSlot } from './slots.ts';
import { leaveTurns, takeTurn } from './turns.ts';

const store = useDatabase();
const ODD = 'k\u0000\ud800'.repeat(3_000);
const asking = (workflow: string, runId: string, more: object = {}) => ({
  ...{ runId: `${workflow}-${runId}`, workflowId: `w/${workflow}-${runId}`, workflow, key: ODD, limit: 1, ...more },
});

describe('places', () => {
  const take = (runId: string, more: object = {}, workflow = 'p') =>
    store.inside((tx) => takeSlot(tx, asking(workflow, runId, more)));
  const release = (runId: string, workflow = 'p') =>
    store.inside((tx) => releaseSlot(tx, { runId: `${workflow}-${runId}` }));

  it('go to the most urgent run, and among equals to the first', async () => {
    expect(await take('1')).toEqual({ taken: true });
    expect(await take('2')).toEqual({ taken: false, ahead: ['w/p-1'], isNear: true });
    await take('3', { priority: 5 });
    await take('4', { priority: 1 });
    await take('5', { priority: 1 });
    expect(await take('6', { key: 'other' })).toEqual({ taken: true });
    expect(await release('1')).toEqual(['w/p-4', 'w/p-5', 'w/p-2', 'w/p-3']);
    expect(await take('2')).toMatchObject({ taken: false });
    expect(await take('4')).toEqual({ taken: true });
    expect(await take('4')).toEqual({ taken: true });
    expect(await take('5')).toMatchObject({ taken: false });
  });

  it('name the next run if there is room for it, too', async () => {
    for (const id of ['1', '2', '3', '4']) await take(id, { limit: 2 }, 'n');
    await release('1', 'n');
    await release('2', 'n');
    expect(await take('3', { limit: 2 }, 'n')).toEqual({ taken: true, next: 'w/n-4' });
    expect(await take('4', { limit: 2 }, 'n')).toEqual({ taken: true });
  });

  it('are free if their runs have ended without giving them back, also in the middle of the queue', async () => {
    for (const id of ['1', '2', '3']) await take(id, {}, 'e');
    const endedAt = '2026-01-01T00:00:00.000Z';
    for (const id of ['1', '2'])
      await store.inside((tx) => upsertRun(tx, runRecord({ runId: `e-${id}`, workflowId: `w/e-${id}`, endedAt })));
    expect(await take('3', {}, 'e')).toEqual({ taken: true });
  });

  it('that are free because runs have ended are for the next run, whoever finds out', async () => {
    for (const id of ['1', '2', '3', '4']) await take(id, {}, 'f');
    const endedAt = '2026-01-01T00:00:00.000Z';
    await store.inside((tx) => upsertRun(tx, runRecord({ runId: 'f-1', workflowId: 'w/f-1', endedAt })));
    expect(await take('4', {}, 'f')).toMatchObject({ taken: false, next: 'w/f-2' });
  });
});

describe('turns', () => {
  const take = (workflow: string, runId: string, more: object = {}) =>
    store.inside((tx) => takeTurn(tx, { perMs: 60_000, ...asking(workflow, runId, more) }));
  const leave = (workflow: string, runId: string) =>
    store.inside((tx) => leaveTurns(tx, { runId: `${workflow}-${runId}` }));

  it('are taken once, and tell the others when theirs are', async () => {
    const limit = { limit: 2 };
    expect(await take('t', '1', limit)).toEqual({ taken: true, wake: [] });
    expect(await take('t', '1', limit)).toEqual({ taken: true, wake: [] });
    expect(await take('t', '2', limit)).toMatchObject({ taken: true });
    const third = await take('t', '3', limit);
    const fifth = await take('t', '4', limit).then(() => take('t', '5', limit));
    expect(third).toMatchObject({ taken: false, inMs: expect.closeTo(60_000, -4) });
    expect(fifth).toMatchObject({ taken: false, inMs: expect.closeTo(120_000, -4) });
    expect(await take('t', '6', { ...limit, priority: 1 })).toMatchObject({ inMs: expect.closeTo(60_000, -4) });
    expect(await take('t', '7', { ...limit, key: 'other' })).toMatchObject({ taken: true });
  });

  it('that somebody leaves are for the next runs, which are told', async () => {
    const per = (perMs: number) => ({ perMs, limit: 1 });
    await take('l', '1', per(400));
    for (const id of ['2', '3', '4']) await take('l', id, per(400));
    expect(await leave('l', '2')).toEqual(['w/l-3']);
    expect(await leave('l', '2')).toEqual([]);
    await store.inside((tx) =>
      tx.db.execute(sql`update turn set taken_at = now() - interval '1 second' where run_id = 'l-1'`),
    );
    expect(await take('l', '3', per(400))).toEqual({ taken: true, wake: ['w/l-4'] });
  });

  it('are not kept from anybody by runs that were terminated', async () => {
    for (const id of ['1', '2', '3']) await take('g', id, { limit: 1 });
    const endedAt = '2026-01-01T00:00:00.000Z';
    await store.inside((tx) => upsertRun(tx, runRecord({ runId: 'g-2', workflowId: 'w/g-2', endedAt })));
    expect(await take('g', '3', { limit: 1 })).toMatchObject({ taken: false, inMs: expect.closeTo(60_000, -4) });
    await store.inside((tx) =>
      tx.db.execute(sql`update turn set taken_at = now() - interval '2 minutes' where run_id = 'g-1'`),
    );
    expect(await take('g', '3', { limit: 1 })).toMatchObject({ taken: true });
  });

  it('count from the time at which their run heard of them, because it begins only then', async () => {
    const ago = (runId: string, ms: number) =>
      store.inside((tx) =>
        tx.db.execute(
          sql`update turn set taken_at = now() - ${ms} * interval '1 millisecond' where run_id = ${`h-${runId}`}`,
        ),
      );
    await take('h', '1');
    // The answer was lost, and the run asks again half a minute later.
    await ago('1', 30_000);
    expect(await take('h', '1')).toMatchObject({ taken: true });
    expect(await take('h', '2')).toMatchObject({ taken: false, inMs: expect.closeTo(60_000, -4) });
    // Much later, another one has begun meanwhile.
    await ago('1', 61_000);
    expect(await take('h', '2')).toMatchObject({ taken: true });
    expect(await take('h', '1')).toMatchObject({ taken: false, inMs: expect.closeTo(60_000, -4) });
  });

  it('come earlier if runs ahead were terminated, and whoever believes in a later time is told', async () => {
    for (const id of ['1', '2', '3', '4']) await take('j', id);
    const endedAt = '2026-01-01T00:00:00.000Z';
    await store.inside((tx) => upsertRun(tx, runRecord({ runId: 'j-2', workflowId: 'w/j-2', endedAt })));
    expect(await take('j', '4')).toMatchObject({ taken: false, wake: ['w/j-3'] });
  });

  it('that no longer count are removed', async () => {
    await take('s', '1', { perMs: 1 });
    await store.inside(sweep);
    const { rows } = await store.inside((tx) => tx.db.execute(sql`select run_id from turn where workflow = 's'`));
    expect(rows).toEqual([]);
  });

  it('are never more than the limit in any stretch of time, whoever asks at the same time', async () => {
    const [limit, perMs, runs] = [7, 250, 60];
    const times: number[] = [];
    const ask = (id: number) =>
      store.inside(async (tx) => {
        const answer = await takeTurn(tx, { ...asking('x', String(id), { limit, priority: 1 + (id % 5) }), perMs });
        const { rows } = await tx.db.execute<{ at: string | null }>(
          sql`select extract(epoch from taken_at)::float8 * 1000 as at from turn where run_id = ${`x-${id}`}`,
        );
        if (answer.taken) times.push(Number(rows[0]!.at));
        return answer;
      });
    const begin = async (id: number): Promise<void> => {
      for (let answer = await ask(id); !answer.taken; answer = await ask(id)) await setTimeout(answer.inMs);
    };
    await Promise.all(Array.from({ length: runs }, (_, id) => begin(id)));
    expect(times).toHaveLength(runs);
    for (const from of times)
      expect(times.filter((at) => at >= from && at < from + perMs).length).toBeLessThanOrEqual(limit);
  });
});
