import { describe, expect, it } from 'vitest';
import { noteDeadLetters } from '../../db/index.ts';
import { graphOf, useApi } from '../testing/api.ts';
import { setUpDueTriggers } from './setup/round.ts';

const api = useApi();
const publish = async (name: string, triggers: object, change: object = {}) => {
  const { status, text } = await api.put(`/api/workflows/${name}`, { graph: graphOf(name, { triggers, ...change }) });
  expect({ status, text }).toMatchObject({ status: 201 });
  await setUpDueTriggers(api.ctx());
};
const nightly = { uses: 'schedule', with: { cron: '30 2 * * *', timezone: 'Europe/Berlin' } };
const schedule = (workflow: string) => api.runs().scheduled.get(`a/${workflow}/tick~schedule`)!;

describe('triggers', () => {
  it('show what they are doing', async () => {
    await publish('shown', { tick: nightly, in: { uses: 'webhook', with: { verify: 'none' } }, ask: { uses: 'form' } });
    const { status, body } = await api.get('/api/workflows/shown/triggers');
    expect(status).toBe(200);
    const [ask, hook, tick] = body.items;
    expect(ask.address).toMatch(/^http:\/\/blok\.test\/forms\/[\w-]{32}$/);
    expect(hook).toMatchObject({ id: 'in', uses: 'webhook', state: 'active', enabled: true, nextTimes: [] });
    expect(hook.address).toMatch(/^http:\/\/blok\.test\/hooks\/[\w-]{32}$/);
    expect(tick).toMatchObject({ id: 'tick', state: 'active', address: null, lastFiredAt: null, lastError: null });
    expect(tick.nextTimes).toHaveLength(5);
    expect(tick.last24Hours).toEqual({
      seen: 0,
      started: 0,
      held: 0,
      dropped: 0,
      declined: 0,
      refused: 0,
      duplicate: 0,
    });
    expect((await api.get('/api/triggers')).body.items.length).toBeGreaterThanOrEqual(3);
    expect((await api.get('/api/workflows/nope/triggers')).body.code).toBe('workflow.notFound');
  });

  it('are switched off and on, each and with their workflow', async () => {
    await publish('switched', { tick: nightly });
    const off = await api.put('/api/workflows/switched/triggers/tick/active', { active: false, note: 'holidays' });
    expect(off.body).toMatchObject({ state: 'off', enabled: false, note: 'holidays', nextTimes: [] });
    expect(schedule('switched').pausedBy).toBe('holidays');
    const on = await api.put('/api/workflows/switched/triggers/tick/active', { active: true });
    expect(on.body).toMatchObject({ state: 'active', enabled: true, note: null });
    expect(schedule('switched')).toMatchObject({ pausedBy: null, backfills: [] });
    const all = await api.put('/api/workflows/switched/active', { active: false });
    expect(all.body).toMatchObject({
      active: false,
      triggers: [{ state: 'off', enabled: true, workflowActive: false }],
    });
    expect((await api.put('/api/workflows/switched/active', { active: true })).body.triggers[0].state).toBe('active');
    expect((await api.put('/api/workflows/nope/active', { active: true })).body.code).toBe('workflow.notFound');
    expect((await api.put('/api/workflows/switched/triggers/no/active', { active: true })).body.code).toBe(
      'trigger.notFound',
    );
  });

  it('show why they could not be set up, and are set up once Temporal is back', async () => {
    api.runs().down = true;
    await publish('away', { tick: nightly });
    expect((await api.get('/api/workflows/away/triggers')).body.items[0]).toMatchObject({
      state: 'failed',
      reason: 'Temporal does not answer.',
    });
    api.runs().down = false;
    await api.put('/api/workflows/away/active', { active: true });
    expect(schedule('away').wanted.cron).toEqual(['0 30 2 * * * *']);
  });

  it('read variables when they are set up, and again when these change', async () => {
    const tick = { uses: 'schedule', with: { cron: '${{ vars.when }}' } };
    await publish('varied', { tick }, { vars: { when: '0 5 * * *' } });
    expect(schedule('varied').wanted.cron).toEqual(['0 0 5 * * * *']);
    const set = await api.put('/api/workflows/varied/vars/when', { value: '0 6 * * *' });
    expect(set.status).toBe(200);
    await setUpDueTriggers(api.ctx());
    expect(schedule('varied').wanted.cron).toEqual(['0 0 6 * * * *']);
    await api.put('/api/workflows/varied/vars/when', { value: 'at noon' });
    await setUpDueTriggers(api.ctx());
    const [shown] = (await api.get('/api/workflows/varied/triggers')).body.items;
    expect(shown).toMatchObject({ state: 'failed', nextTimes: [] });
    expect(shown.reason).toContain('not a cron expression');
  });

  it('are fired by hand, with data as their source would send it', async () => {
    const hook = { uses: 'webhook', with: { verify: 'none' }, if: '${{ trigger.body.n > 0 }}' };
    await publish('fired', { in: hook, tick: nightly });
    const fire = (id: string, data?: object, key?: string) =>
      api.post(`/api/workflows/fired/triggers/${id}/fire`, { data }, key ? { 'idempotency-key': key } : {});
    const { status, body } = await fire('in', { n: 1 });
    expect({ status, body }).toMatchObject({ status: 202, body: { outcome: 'started' } });
    expect(api.runs().last().start.input).toMatchObject({ trigger: { id: 'in', uses: 'webhook' }, input: { n: 1 } });
    expect((await fire('in', { n: 0 })).body.code).toBe('trigger.declined');
    expect((await fire('tick')).body.outcome).toBe('started');
    const [first, second] = [await fire('in', { n: 2 }, 'same'), await fire('in', { n: 2 }, 'same')];
    expect(second.body).toEqual({ outcome: 'duplicate', run: first.body.run });
    expect((await fire('other')).body.code).toBe('trigger.notFound');
    await api.ctx().tally.flush();
    const [shown] = (await api.get('/api/workflows/fired/triggers')).body.items;
    expect(shown.last24Hours).toEqual({
      seen: 4,
      started: 2,
      held: 0,
      dropped: 0,
      declined: 1,
      refused: 0,
      duplicate: 1,
    });
    expect(shown.lastFiredAt).not.toBeNull();
  });

  it('fire for times that are over, if there are not too many', async () => {
    await publish('filled', { tick: nightly, in: { uses: 'form' } });
    const fill = (from: string, to: string, id = 'tick') =>
      api.post(`/api/workflows/filled/triggers/${id}/backfill`, { from, to });
    const year = new Date().getUTCFullYear();
    const { status, body } = await fill(`${year}-01-01T00:00:00Z`, `${year}-01-03T00:00:00Z`);
    expect({ status, body }).toEqual({
      status: 202,
      body: { count: 2, first: `${year}-01-01T01:30:00.000Z`, last: `${year}-01-02T01:30:00.000Z` },
    });
    expect(schedule('filled').backfills).toMatchObject([{ overlap: 'bufferAll' }]);
    expect((await fill(`${year}-01-03T00:00:00Z`, `${year}-01-01T00:00:00Z`)).status).toBe(400);
    expect((await fill('1999-01-01T00:00:00Z', `${year}-01-01T00:00:00Z`)).status).toBe(400);
    expect((await fill('yesterday', `${year}-01-01T00:00:00Z`)).status).toBe(400);
    expect((await fill(`${year - 2}-01-01T00:00:00Z`, `${year + 1}-01-01T00:00:00Z`)).body.code).toBe(
      'backfill.tooMany',
    );
    expect((await fill(`${year}-01-01T00:00:00Z`, `${year}-01-03T00:00:00Z`, 'in')).body.code).toBe('trigger.unsuited');
  });

  it('get a new address, and lose the old one', async () => {
    await publish('moved', { in: { uses: 'form' }, tick: nightly });
    const [before] = (await api.get('/api/workflows/moved/triggers')).body.items;
    const { body } = await api.post('/api/workflows/moved/triggers/in/rotate');
    expect(body.address).toMatch(/\/forms\//);
    expect(body.address).not.toBe(before.address);
    expect((await api.get('/api/workflows/moved/triggers')).body.items[0].address).toBe(body.address);
    expect((await api.post('/api/workflows/moved/triggers/tick/rotate')).body.code).toBe('trigger.unsuited');
  });

  it('list what their watches could not read, and forget it', async () => {
    await publish('unread', { feed: { uses: 'rss.newItem', with: { url: 'https://news.example/feed.xml' } } });
    const of = { workflow: 'unread', trigger: 'feed' };
    const letters = ['a', 'b', 'c'].map((key) => ({ key, place: 'slot 7', reason: 'It is garbled.' }));
    await api.ctx().tenant((tx) => noteDeadLetters(tx, { ...of, letters }));
    expect((await api.get('/api/workflows/unread/triggers')).body.items[0].deadLetters).toBe(3);
    const path = '/api/workflows/unread/triggers/feed/dead-letters';
    const { body } = await api.get(`${path}?limit=2`);
    expect(body.items).toMatchObject([{ key: 'c', where: 'slot 7', reason: 'It is garbled.' }, { key: 'b' }]);
    expect((await api.get(`${path}?cursor=${body.next}`)).body).toMatchObject({ items: [{ key: 'a' }], next: null });
    expect((await api.get(`${path}?limit=3`)).body.next).toBeNull();
    expect((await api.get(`${path}?cursor=7`)).body.code).toBe('request.invalid');
    expect((await api.send('DELETE', path)).body).toEqual({ forgotten: 3 });
    expect((await api.get(path)).body).toEqual({ items: [], next: null });
    expect((await api.get('/api/workflows/unread/triggers/no/dead-letters')).body.code).toBe('trigger.notFound');
  });
});
