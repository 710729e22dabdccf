import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { getTrigger, listTriggers, takeDueTriggers } from '../../../db/index.ts';
import { until } from '../../../embedded/process/wait.ts';
import { graphOf, useApi } from '../../testing/api.ts';
import { adoptTriggers } from './adopt.ts';
import { setUpDueTriggers } from './round.ts';

const api = useApi();
const hook = { uses: 'webhook', with: { verify: 'bearer' }, connection: 'secret' };
const publish = async (name: string, triggers: object) => {
  const { status, text } = await api.put(`/api/workflows/${name}`, { graph: graphOf(name, { triggers }) });
  expect({ status, text }).toMatchObject({ status: 201 });
};
const row = (workflow: string, id = 'in') => api.ctx().tenant((tx) => getTrigger(tx, { workflow, id }));
const dueNow = (workflow: string) => api.ctx().tenant((tx) => takeDueTriggers(tx, { limit: 10, workflow }));

describe('setting up triggers', () => {
  it('makes those active that need nothing, and removes those that are gone', async () => {
    await publish('plain', { in: { uses: 'webhook', with: { verify: 'none' } }, more: { uses: 'form' } });
    await setUpDueTriggers(api.ctx());
    expect(await row('plain')).toMatchObject({ state: 'active', reason: null, dueAt: null, attempts: 0 });
    await publish('plain', { in: { uses: 'webhook', with: { verify: 'none' } } });
    await setUpDueTriggers(api.ctx());
    const { rows } = await api
      .ctx()
      .tenant((tx) => tx.db.execute(sql`select id from trigger where workflow = 'plain'`));
    expect(rows).toEqual([{ id: 'in' }]);
  });

  it('publishes although a connection is missing, says so, and tries again when it is there', async () => {
    await publish('locked', { in: hook });
    await setUpDueTriggers(api.ctx());
    const failed = await row('locked');
    expect(failed).toMatchObject({ state: 'failed', attempts: 1 });
    expect(failed!.reason).toContain('"secret"');
    expect(Date.parse(failed!.dueAt!)).toBeGreaterThan(Date.now());
    expect(await dueNow('locked')).toEqual([]);
    await api.put('/api/connections/secret', { type: 'token', data: { token: 'abcdef' } });
    await setUpDueTriggers(api.ctx());
    expect(await row('locked')).toMatchObject({ state: 'active', reason: null });
    await api.send('DELETE', '/api/connections/secret');
    await setUpDueTriggers(api.ctx());
    expect(await row('locked')).toMatchObject({ state: 'failed' });
  });

  it('waits longer after each failure', async () => {
    await publish('patient', { in: hook });
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      await api.ctx().tenant((tx) => tx.db.execute(sql`update trigger set due_at = now() where workflow = 'patient'`));
      const from = Date.now();
      await setUpDueTriggers(api.ctx());
      pauses.push(Math.round((Date.parse((await row('patient'))!.dueAt!) - from) / 2_000));
    }
    expect(pauses).toEqual([1, 2, 4, 8]);
  });

  it('makes up for times between a publication and the setting up, and for none if the times are the same', async () => {
    const id = 'a/often/in~schedule';
    const often = (every: string, label: string) => ({ in: { uses: 'schedule', label, with: { every } } });
    api.runs().down = true;
    await publish('often', often('1s', 'first'));
    await setUpDueTriggers(api.ctx());
    const begun = Date.now();
    await until(() => Date.now() > begun + 1_100, { withinMs: 5_000 });
    api.runs().down = false;
    await api.ctx().tenant((tx) => tx.db.execute(sql`update trigger set due_at = now() where workflow = 'often'`));
    await setUpDueTriggers(api.ctx());
    const { backfills } = api.runs().scheduled.get(id)!;
    expect(backfills).toHaveLength(1);
    expect(Math.abs(backfills[0]!.from - begun)).toBeLessThan(2_000);
    await publish('often', often('1s', 'second'));
    const again = Date.now();
    await until(() => Date.now() > again + 1_100, { withinMs: 5_000 });
    await setUpDueTriggers(api.ctx());
    expect(backfills).toHaveLength(1);
  });

  it('takes down what another type of trigger has left under the same id', async () => {
    await publish('changed', { in: { uses: 'schedule', with: { cron: '@daily' } } });
    await setUpDueTriggers(api.ctx());
    const schedules = () => [...api.runs().scheduled.keys()].filter((id) => id.startsWith('a/changed/'));
    expect(schedules()).toHaveLength(1);
    await publish('changed', { in: { uses: 'rss.newItem', with: { url: 'https://news.example/feed.xml' } } });
    await setUpDueTriggers(api.ctx());
    expect(schedules()).toEqual([]);
    expect([...api.runs().watching.keys()]).toContain('a/changed/in~watch');
    await publish('changed', { in: { uses: 'form' } });
    await setUpDueTriggers(api.ctx());
    expect([...api.runs().watching.keys()]).not.toContain('a/changed/in~watch');
    expect(await row('changed')).toMatchObject({ state: 'active', registration: null });
  });

  it('rings the alarm of this process after a publish', async () => {
    let rung = 0;
    api.ctx().triggerAlarm.listen(() => rung++);
    await publish('loud', { in: { uses: 'form' } });
    expect(rung).toBe(1);
  });

  it('gives rows to workflows that were published before there were any', async () => {
    await publish('old', { in: { uses: 'form' }, by: { uses: 'call' } });
    await publish('none', {});
    await api.ctx().tenant((tx) => tx.db.execute(sql`delete from trigger`));
    await adoptTriggers(api.ctx());
    const rows = await api.ctx().tenant((tx) => listTriggers(tx));
    expect(rows.find(({ workflow }) => workflow === 'old')).toMatchObject({ id: 'in', uses: 'form', version: 1 });
    expect(rows.filter(({ workflow }) => workflow === 'none')).toEqual([]);
  });
});
