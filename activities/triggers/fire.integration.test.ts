import { expect, it } from 'vitest';
import {
  getTrigger,
  openDatabase,
  publishWorkflow,
  recentCounts,
  upsertRun,
  waitingGroups,
  wantTriggers,
  withWorkspace,
} from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import { compile } from '../../graph/compile/index.ts';
import type { FireInput } from '../../workflows/activities.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { fire } from './fire.ts';
import { runOfKey } from './run-of-key.ts';
import { prepareScheduled } from './scheduled.ts';

const store = useDatabase();

it('starts no second run for a key whose run Temporal has forgotten', async () => {
  const graph = { blok: 1 as const, name: 'watching', nodes: {}, triggers: { feed: { uses: 'rss.newItem' } } };
  const { plan } = compile(graph, new Map());
  const { known, ...run } = await store.inside(async (tx) => {
    await publishWorkflow(tx, { graph, plan: plan!, hash: 'h' });
    const triggers = [{ id: 'feed', uses: 'rss.newItem', addressed: false }];
    await wantTriggers(tx, { workflow: 'watching', version: 1, triggers, keyring: {} as never });
    return runOfKey(tx, { workflow: 'watching', trigger: 'feed', key: 'item-1' });
  });
  expect(known).toBe(false);
  const database = openDatabase(store.url(), { max: 2 });
  const endedAt = '2026-01-01T00:00:00.000Z';
  await withWorkspace(database, 'a', (tx) => upsertRun(tx, runRecord({ ...run, status: 'succeeded', endedAt })));
  const claim = { workspace: 'a', workflow: 'watching', trigger: 'feed', mac: '' };
  const firing: FireInput = { claim, key: 'item-1', at: endedAt, fields: {} };
  // Without a client, whatever asks Temporal fails.
  expect(await fire({ database } as ActivityDeps, firing, 'blok')).toEqual({ outcome: 'duplicate', ...run });
  const counts = await withWorkspace(database, 'a', (tx) => recentCounts(tx, { workflow: 'watching' }));
  expect(counts.map(({ outcome, count }) => [outcome, count]).toSorted()).toEqual([
    ['duplicate', 1],
    ['seen', 1],
  ]);
  await database.close();
});

it('notes beside the trigger why its runs wait if the workspace is full', async () => {
  const database = openDatabase(store.url(), { max: 2 });
  await withWorkspace(database, 'a', (tx) => upsertRun(tx, runRecord({ runId: 'open' })));
  const claim = { workspace: 'a', workflow: 'watching', trigger: 'feed', mac: '' };
  const firing: FireInput = { claim, key: 'item-2', at: '2026-01-01T00:00:00.000Z', fields: {} };
  await expect(fire({ database, maxOpenRuns: 1 } as ActivityDeps, firing, 'blok')).rejects.toThrow('are open');
  const row = await withWorkspace(database, 'a', (tx) => getTrigger(tx, { workflow: 'watching', id: 'feed' }));
  expect(row!.lastError).toMatch(/^run\.tooMany: 1 runs of this workspace are open/);
  await database.close();
});

it('holds what a graph with `batch` is fired with, from a poll and from a schedule, and knows it again', async () => {
  const triggers = { feed: { uses: 'rss.newItem' }, tick: { uses: 'schedule' } };
  const batch = { size: 10, within: '1h' };
  const graph = { blok: 1 as const, name: 'collecting', nodes: {}, triggers, batch };
  const { plan } = compile(graph, new Map());
  await store.inside(async (tx) => {
    await publishWorkflow(tx, { graph, plan: plan!, hash: 'h' });
    const wanted = Object.entries(triggers).map(([id, { uses }]) => ({ id, uses, addressed: false }));
    await wantTriggers(tx, { workflow: 'collecting', version: 1, triggers: wanted, keyring: {} as never });
  });
  const database = openDatabase(store.url(), { max: 2 });
  const deps = { database, maxOpenRuns: 100 } as ActivityDeps;
  const claim = (trigger: string) => ({ workspace: 'a', workflow: 'collecting', trigger, mac: '' });
  const item = (n: number): FireInput => ({
    claim: claim('feed'),
    key: `i${n}`,
    at: '2026-01-01T00:00:00.000Z',
    fields: { item: n },
  });
  // Without a client, whatever asks Temporal fails.
  expect(await fire(deps, item(1), 'blok')).toMatchObject({ outcome: 'held' });
  expect(await fire(deps, item(2), 'blok')).toMatchObject({ outcome: 'held' });
  expect(await fire(deps, item(1), 'blok')).toMatchObject({ outcome: 'duplicate' });
  const time = { claim: claim('tick'), scheduledAt: '2026-01-01T00:00:00.000Z', cron: ['0 0 * * *'], timezone: 'UTC' };
  expect(await prepareScheduled(deps, time)).toMatchObject({ outcome: 'held' });
  expect(await prepareScheduled(deps, time)).toMatchObject({ outcome: 'duplicate' });
  const { groups } = await withWorkspace(database, 'a', (tx) =>
    waitingGroups(tx, { workflow: 'collecting', which: 'held', limit: 10 }),
  );
  expect(groups.map(({ trigger, count }) => [trigger, count])).toEqual([
    ['feed', 2],
    ['tick', 1],
  ]);
  const counts = await withWorkspace(database, 'a', (tx) => recentCounts(tx, { workflow: 'collecting' }));
  expect(
    counts
      .filter(({ outcome }) => outcome === 'held')
      .map(({ count }) => count)
      .toSorted(),
  ).toEqual([1, 2]);
  await database.close();
});
