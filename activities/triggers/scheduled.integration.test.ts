import { expect, it } from 'vitest';
import {
  getTrigger,
  openDatabase,
  publishWorkflow,
  settleTrigger,
  switchTrigger,
  takeDueTriggers,
  wantTriggers,
} from '../../db/index.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import { compile } from '../../graph/compile/index.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { prepareScheduled } from './scheduled.ts';

const store = useDatabase();
const tick = { workflow: 'ticking', id: 'tick' };
const row = () => store.inside((tx) => getTrigger(tx, tick));
const turn = (enabled: boolean) => store.inside((tx) => switchTrigger(tx, { ...tick, enabled }));

it('notes a time that came before its trigger was switched off, also while the trigger is being switched on', async () => {
  const graph = { blok: 1 as const, name: 'ticking', nodes: {}, triggers: { tick: { uses: 'schedule' } } };
  const { plan } = compile(graph, new Map());
  await store.inside(async (tx) => {
    await publishWorkflow(tx, { graph, plan: plan!, hash: 'h' });
    const triggers = [{ id: 'tick', uses: 'schedule', addressed: false }];
    await wantTriggers(tx, { workflow: 'ticking', version: 1, triggers, keyring: {} as never });
    await switchTrigger(tx, { ...tick, enabled: false });
  });
  const off = Date.parse((await row())!.offSince!);
  const database = openDatabase(store.url(), { max: 2 });
  const comes = (ms: number) =>
    prepareScheduled({ database } as ActivityDeps, {
      claim: { workspace: 'a', workflow: 'ticking', trigger: 'tick', mac: '' },
      cron: [],
      timezone: 'UTC',
      scheduledAt: new Date(off + ms).toISOString(),
    });
  const missedSince = async () => Date.parse((await row())!.offSince!) - off;

  expect(await comes(500)).toMatchObject({ outcome: 'off' });
  expect(await missedSince()).toBe(0);
  expect(await comes(-500)).toMatchObject({ outcome: 'off' });
  expect(await comes(-300)).toMatchObject({ outcome: 'off' });
  expect(await missedSince()).toBe(-500);

  // A process makes up for what was missed since then. Meanwhile, an even earlier time comes to the switch.
  const [old] = await store.inside((tx) => takeDueTriggers(tx, { limit: 1 }));
  expect(await comes(-900)).toMatchObject({ outcome: 'off' });
  await turn(true);
  await store.inside((tx) => settleTrigger(tx, { row: old!, settled: { state: 'active' } }));
  expect(await missedSince()).toBe(-900);
  expect((await store.inside((tx) => takeDueTriggers(tx, { limit: 1 }))).map(({ id }) => id)).toEqual(['tick']);
  await database.close();
});
