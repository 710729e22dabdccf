import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Tenant } from '../database.ts';
import { parseKeyring } from '../secrets/keyring.ts';
import { useDatabase } from '../testing/tenants.ts';
import { countOutcomes, recentCounts } from './trigger-counts.ts';
import { triggerToken } from './trigger-token.ts';
import {
  getTrigger,
  listTriggers,
  settleTrigger,
  switchTrigger,
  switchWorkflow,
  takeDueTriggers,
  triggerByToken,
  type WantedTrigger,
  wantTriggers,
} from './triggers.ts';

const store = useDatabase();
const keyring = parseKeyring(randomBytes(32).toString('base64'));
const hook: WantedTrigger = { id: 'hook', uses: 'webhook', addressed: true };
const tick: WantedTrigger = { id: 'tick', uses: 'schedule', addressed: false };

/** A workflow of a name that no other test has. */
async function workflowWith(
  version: number,
  triggers: WantedTrigger[],
  workflow = `w${randomBytes(6).toString('hex')}`,
) {
  await store.inside(async (tx) => {
    await tx.db.execute(
      sql`insert into workflow (workspace_id, name) values (${tx.workspace}, ${workflow}) on conflict do nothing`,
    );
    await wantTriggers(tx, { workflow, version, triggers, keyring });
  });
  return workflow;
}

const inside = <T>(fn: (tx: Tenant) => Promise<T>) => store.inside(fn);

describe('triggers that a version wants', () => {
  it('are due at once, one process takes each, and what came of an older wish is not noted', async () => {
    const workflow = await workflowWith(1, [hook, tick]);
    const taken = await Promise.all([1, 2, 3].map(() => inside((tx) => takeDueTriggers(tx, { limit: 10, workflow }))));
    expect(
      taken
        .flat()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['hook', 'tick']);
    const old = taken.flat().find(({ id }) => id === 'tick')!;
    await workflowWith(2, [hook, tick], workflow);
    await inside((tx) => settleTrigger(tx, { row: old, settled: { state: 'active' } }));
    expect(await inside((tx) => getTrigger(tx, { workflow, id: 'tick' }))).toMatchObject({
      version: 2,
      state: 'pending',
    });
    const [again] = await inside((tx) => takeDueTriggers(tx, { limit: 1, workflow }));
    await inside((tx) => settleTrigger(tx, { row: again!, settled: { state: 'active' } }));
    expect(await inside((tx) => getTrigger(tx, { workflow, id: again!.id }))).toMatchObject({
      state: 'active',
      dueAt: null,
    });
  });

  it('keep their address over versions; the database holds no token', async () => {
    const workflow = await workflowWith(1, [hook]);
    const row = (await inside((tx) => getTrigger(tx, { workflow, id: 'hook' })))!;
    const token = await inside((tx) => triggerToken(tx, keyring, { ...row, tokenKey: row.tokenKey! }));
    expect(token).toMatch(/^[A-Za-z0-9_-]{32}$/);
    await workflowWith(2, [hook], workflow);
    expect(await inside((tx) => triggerByToken(tx, { token }))).toMatchObject({ workflow, id: 'hook', version: 2 });
    expect(await inside((tx) => triggerByToken(tx, { token: `${token}x` }))).toBeNull();
    const { rows } = await inside((tx) => tx.db.execute(sql`select * from trigger where workflow = ${workflow}`));
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('that are gone stay until they are taken down, and are not shown', async () => {
    const workflow = await workflowWith(1, [hook, tick]);
    await workflowWith(2, [hook], workflow);
    expect((await inside((tx) => listTriggers(tx, { workflow }))).map(({ id }) => id)).toEqual(['hook']);
    const gone = (await inside((tx) => takeDueTriggers(tx, { limit: 10, workflow }))).find(({ id }) => id === 'tick')!;
    expect(gone.gone).toBe(true);
    await inside((tx) => settleTrigger(tx, { row: gone, settled: { state: 'off' } }));
    expect(await inside((tx) => takeDueTriggers(tx, { limit: 10, workflow }))).toEqual([]);
  });

  it('are due again when they, or their workflow, are switched', async () => {
    const workflow = await workflowWith(1, [tick]);
    const settle = async () => {
      const [row] = await inside((tx) => takeDueTriggers(tx, { limit: 10, workflow }));
      await inside((tx) => settleTrigger(tx, { row: row!, settled: { state: 'active' } }));
      return row!;
    };
    await settle();
    expect(await inside((tx) => switchTrigger(tx, { workflow, id: 'tick', enabled: false, note: 'holidays' }))).toBe(
      true,
    );
    expect(await settle()).toMatchObject({ enabled: false, note: 'holidays', workflowActive: true });
    expect(await inside((tx) => switchWorkflow(tx, { workflow, active: false }))).toBe(true);
    expect(await settle()).toMatchObject({ workflowActive: false });
    expect(await inside((tx) => switchTrigger(tx, { workflow, id: 'other', enabled: false }))).toBe(false);
  });
});

it('counts outcomes of each trigger, from any number of processes', async () => {
  const workflow = await workflowWith(1, [hook]);
  const one = { workflow, trigger: 'hook', count: 2 } as const;
  await Promise.all(
    [1, 2, 3].map(() =>
      inside((tx) =>
        countOutcomes(tx, [
          { ...one, outcome: 'seen' },
          { ...one, outcome: 'started' },
        ]),
      ),
    ),
  );
  const counts = await inside((tx) => recentCounts(tx, { workflow }));
  expect(counts).toHaveLength(2);
  expect(counts.map(({ count }) => count)).toEqual([6, 6]);
  expect((await inside((tx) => getTrigger(tx, { workflow, id: 'hook' })))!.lastFiredAt).not.toBeNull();
});
