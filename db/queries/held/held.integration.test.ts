import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../../graph/compile/index.ts';
import { MAX_BATCH_BYTES } from '../../../graph/limits.ts';
import { sweep } from '../../testing/sweep.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { dueNow } from '../due.ts';
import { SWEPT } from '../retention.ts';
import { publishWorkflow } from '../workflows/versions.ts';
import { discardGroup } from './discard.ts';
import { waitingGroups } from './groups.ts';
import { type HoldRequest, heldUnder, holdFiring, releaseOlder } from './hold.ts';
import { heldEvents, settleGroup, takeDueGroups } from './release.ts';
import { showGroup } from './show.ts';

const store = useDatabase();

beforeAll(async () => {
  const graph = { blok: 1 as const, name: 'w', nodes: {} };
  const { plan } = compile(graph, new Map());
  await store.inside((tx) => publishWorkflow(tx, { graph, plan: plan!, hash: 'h' }));
});

const request = (trigger: string, n: number, more: Partial<HoldRequest> = {}): HoldRequest => ({
  ...{ workflow: 'w', trigger, uses: 'event', version: 1, key: '', eventKey: `e${n}` },
  times: { word: 'batch', size: 1_000, withinMs: 60_000 },
  payload: { trigger: { id: trigger, n }, input: { n } },
  ...more,
});
const hold = (trigger: string, n: number, more: Partial<HoldRequest> = {}) =>
  store.inside((tx) => holdFiring(tx, request(trigger, n, more)));
const passTime = () =>
  store.inside((tx) => tx.db.execute(sql`update held_group set due_at = ${dueNow} where due_at is not null`));
const due = () => store.inside((tx) => takeDueGroups(tx, { limit: 1_000 }));
const inputsOf = async (id: string) =>
  ((await store.inside((tx) => heldEvents(tx, { id })))?.inputs ?? []).map((input) => (input as { n: number }).n);
const settle = (id: string, outcome: 'started' | 'refused') =>
  store.inside((tx) => settleGroup(tx, { id, outcome, reason: outcome === 'refused' ? 'it does not fit' : null }));
const firingsOf = async (id: string) => {
  const { rows } = await store.inside((tx) =>
    tx.db.execute<{ key: string | null; payload: string | null }>(
      sql`select key, payload from held_firing where group_id = ${id} order by position`,
    ),
  );
  return rows;
};

describe('a batch', () => {
  it('holds each of many firings at once in exactly one group, full ones first', async () => {
    const times = { word: 'batch', size: 10, withinMs: 60_000 } as const;
    const answers = await Promise.all(Array.from({ length: 95 }, (_, n) => hold('many', n, { times })));
    expect(answers.filter(({ isFull }) => isFull)).toHaveLength(9);
    const full = await due();
    expect(full.map(({ count }) => count)).toEqual(Array.from({ length: 9 }, () => 10));
    await passTime();
    const [rest, ...more] = (await due()).filter(({ count }) => count < 10);
    expect([rest!.count, more]).toEqual([5, []]);
    const all = await Promise.all([...full, rest!].map(({ id }) => inputsOf(id)));
    expect(all.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 95 }, (_, n) => n));
    expect(all.every((items) => items.length <= 10)).toBe(true);
    for (const { id } of [...full, rest!]) await store.inside((tx) => settleGroup(tx, { id, outcome: 'started' }));
  });

  it('counts the same event once, whoever sends it at the same time, and knows it after its run has begun', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => hold('twice', 1)));
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    const { group } = answers[0]!;
    expect(await inputsOf(group)).toEqual([1]);
    await passTime();
    await due();
    await store.inside((tx) => settleGroup(tx, { id: group, outcome: 'started', runId: 'r1' }));
    expect(await inputsOf(group)).toEqual([]);
    expect(await hold('twice', 1)).toMatchObject({ group, isNew: false, dueAt: null, runId: 'r1' });
    // Without a key, each is an event of its own.
    const [one, two] = [await hold('twice', 1, { eventKey: null }), await hold('twice', 1, { eventKey: null })];
    expect([one.isNew, two.isNew, one.group === two.group]).toEqual([true, true, true]);
  });

  it('begins the next one with what would be too much, and takes any single firing', async () => {
    const large = (n: number) =>
      hold('large', n, { payload: { trigger: {}, input: { n, x: 'x'.repeat(MAX_BATCH_BYTES / 2) } } });
    const [a, b] = [await large(1), await large(2)];
    expect(a.group).not.toBe(b.group);
    const huge = { payload: { trigger: {}, input: { n: 3, x: 'x'.repeat(MAX_BATCH_BYTES) } } };
    expect(await hold('large', 3, huge)).toMatchObject({ isFull: true });
    expect((await due()).filter(({ trigger }) => trigger === 'large').map(({ count }) => count)).toEqual([1, 1, 1]);
  });

  it('keeps of the triggers only the last, and counts all that it keeps', async () => {
    const body = 'b'.repeat(MAX_BATCH_BYTES / 4);
    const small = (n: number, trigger: object = { body }) =>
      hold('triggers', n, { payload: { trigger: { id: 'triggers', n, ...trigger }, input: { n } } });
    const groups = [await small(1), await small(2), await small(3), await small(4), await small(5)];
    expect(new Set(groups.map(({ group }) => group)).size).toBe(1);
    const [{ group }] = groups as [(typeof groups)[0]];
    const { rows } = await store.inside((tx) =>
      tx.db.execute<{ bytes: number }>(
        sql`select sum(length(payload))::int as bytes from held_firing where group_id = ${group}`,
      ),
    );
    expect(rows[0]!.bytes).toBeLessThan(200);
    expect(await store.inside((tx) => heldEvents(tx, { id: group }))).toMatchObject({
      trigger: { id: 'triggers', n: 5, body },
      inputs: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }, { n: 5 }],
    });
    // A trigger, and keys, that are too large for what is held already begin another batch.
    const larger = await small(6, { body: 'c'.repeat(MAX_BATCH_BYTES) });
    expect([larger.group === group, larger.isFull]).toEqual([false, true]);
    const keyed = await hold('triggers', 7, { eventKey: 'k'.repeat(MAX_BATCH_BYTES - 100) });
    expect((await hold('triggers', 8, { eventKey: 'l'.repeat(200) })).group).not.toBe(keyed.group);
  });

  it('does not load what it holds when it becomes due', async () => {
    const { group } = await hold('light', 1, { payload: { trigger: { body: 'x'.repeat(100_000) }, input: { n: 1 } } });
    await passTime();
    const found = (await due()).find(({ id }) => id === group);
    expect(JSON.stringify(found).length).toBeLessThan(1_000);
  });

  it('stays whole if its run is refused, until somebody discards it', async () => {
    const { group } = await hold('refused', 1);
    await hold('refused', 2, { eventKey: null });
    await passTime();
    await due();
    await settle(group, 'refused');
    const refused = () => store.inside((tx) => waitingGroups(tx, { workflow: 'w', which: 'refused', limit: 10 }));
    expect(await refused()).toMatchObject({ groups: [{ group, count: 2, reason: 'it does not fit' }], count: 1 });
    const show = () => store.inside((tx) => showGroup(tx, { workflow: 'w', id: group }));
    expect(await show()).toMatchObject({
      outcome: 'refused',
      newest: { n: 2 },
      events: [
        { key: 'e1', input: { n: 1 } },
        { key: null, input: { n: 2 } },
      ],
    });
    const discard = (workflow = 'w') => store.inside((tx) => discardGroup(tx, { workflow, id: group }));
    expect(await discard('other')).toBeNull();
    expect(await discard()).toBe(2);
    expect(await show()).toMatchObject({ outcome: 'discarded', events: [], newest: null });
    expect(await refused()).toMatchObject({ groups: [], count: 0 });
    expect(await discard()).toBeNull();
    // A provider that sends the event again does not bring it back.
    expect(await hold('refused', 1)).toMatchObject({ group, isNew: false, dueAt: null });
  });

  it('has no run once it is discarded, unless the run was just begun', async () => {
    const [one, other] = [await hold('gone', 1), await hold('gone', 2, { key: 'other' })];
    for (const { group } of [one, other])
      expect(await store.inside((tx) => discardGroup(tx, { workflow: 'w', id: group }))).toBe(1);
    expect(await store.inside((tx) => heldEvents(tx, { id: one.group }))).toBeNull();
    await passTime();
    expect((await due()).filter(({ trigger }) => trigger === 'gone')).toEqual([]);
    expect((await hold('gone', 3)).group).not.toBe(one.group);
    await store.inside((tx) => settleGroup(tx, { id: other.group, outcome: 'started', runId: 'r9' }));
    const show = await store.inside((tx) => showGroup(tx, { workflow: 'w', id: other.group }));
    expect(show).toMatchObject({ outcome: 'started', runId: 'r9' });
  });

  it('is apart for each key, trigger and version', async () => {
    const odd = 'k\u0000\ud800'.repeat(3_000);
    const groups = [
      await hold('apart', 1, { key: 'a' }),
      await hold('apart', 2, { key: odd }),
      await hold('apart', 3, { key: odd, version: 2 }),
      await hold('apart2', 1, { key: 'a' }),
    ];
    expect(new Set(groups.map(({ group }) => group)).size).toBe(4);
    await store.inside((tx) => releaseOlder(tx, { workflow: 'w', version: 2 }));
    const released = (await due()).map(({ id }) => id);
    expect(groups.map(({ group }) => released.includes(group))).toEqual([true, true, false, true]);
  });
});

describe('a debounce', () => {
  const times = { word: 'debounce', quietMs: 60_000, atMostMs: null } as const;

  it('keeps the last of many firings at once, and counts them all', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => hold('quiet', n, { times })));
    const [{ group }] = answers as [(typeof answers)[0]];
    expect(new Set(answers.map((one) => one.group))).toEqual(new Set([group]));
    await hold('quiet', 99, { times });
    expect(await inputsOf(group)).toEqual([99]);
    await passTime();
    expect((await due()).find(({ id }) => id === group)).toMatchObject({ count: 41, word: 'debounce' });
    // Whatever comes after that belongs to the next run.
    expect((await hold('quiet', 100, { times })).group).not.toBe(group);
  });

  it('keeps no row of an event without a key, and no more than the key of one with a key', async () => {
    const { group } = await hold('rows', 1, { times });
    for (const n of [2, 3, 4]) await hold('rows', n, { times, eventKey: null });
    expect(await firingsOf(group)).toMatchObject([{ key: 'e1', payload: null }, { key: null }]);
    expect(await inputsOf(group)).toEqual([4]);
  });

  it('is due once it is quiet, at the latest some time after the first', async () => {
    const inMs = ({ dueAt }: { dueAt: string | null }) => Date.parse(dueAt!) - Date.now();
    expect(inMs(await hold('late', 1, { times }))).toBeCloseTo(60_000, -4);
    await store.inside((tx) =>
      tx.db.execute(sql`update held_group set opened_at = now() - interval '1 hour' where trigger = 'late'`),
    );
    expect(inMs(await hold('late', 2, { times }))).toBeCloseTo(60_000, -4);
    expect(inMs(await hold('late', 3, { times: { ...times, atMostMs: 3_610_000 } }))).toBeCloseTo(10_000, -4);
    expect(inMs(await hold('late', 4, { times: { ...times, atMostMs: 1_000 } }))).toBeLessThan(0);
  });
});

describe('what is due', () => {
  it('is given to one process at a time, and again if that one was killed', async () => {
    const { group } = await hold('lease', 1);
    await passTime();
    const taken = (await Promise.all([due(), due(), due()])).flat().filter(({ id }) => id === group);
    expect(taken).toHaveLength(1);
    await passTime();
    expect((await due()).find(({ id }) => id === group)).toMatchObject({ attempts: 2 });
  });

  it('is known for thirty days after its run has begun', async () => {
    const { group } = await hold('old', 1);
    await store.inside((tx) => settleGroup(tx, { id: group, outcome: 'started' }));
    const find = () => store.inside((tx) => heldUnder(tx, { workflow: 'w', trigger: 'old', eventKey: 'e1' }));
    const age = (days: number) =>
      store.inside((tx) =>
        tx.db.execute(sql`update held_group set settled_at = now() - ${days} * interval '1 day' where id = ${group}`),
      );
    await age(29);
    await store.inside(sweep);
    expect(await find()).not.toBeNull();
    await age(31);
    await store.inside(sweep);
    expect(await find()).toBeNull();
  });

  it('is removed in small parts, however many firings a group has', async () => {
    const { group } = await hold('huge', 1);
    await store.inside((tx) =>
      tx.db.execute(sql`insert into held_firing (workspace_id, group_id, position, workflow, trigger, key)
        select 'a', ${group}, n, 'w', 'huge', 'k' || n from generate_series(2, ${2 * SWEPT + 10}) as n`),
    );
    await settle(group, 'started');
    await store.inside((tx) =>
      tx.db.execute(sql`update held_group set settled_at = now() - interval '31 days' where id = ${group}`),
    );
    const removed = [await store.inside(sweep), await store.inside(sweep), await store.inside(sweep)];
    expect(removed).toEqual([SWEPT, SWEPT, 11]);
    expect(await store.inside((tx) => showGroup(tx, { workflow: 'w', id: group }))).toBeNull();
  });
});
