/** What waits: its list, page by page, and what somebody can do about events that are held. */
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { takeSlot } from '../../db/index.ts';
import { releaseDue } from '../background/held.ts';
import { publishHook } from '../hooks/testing/hook.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();

const DEDUPE = { verify: 'none', dedupe: '${{ trigger.body.id }}' };
const BATCH = { size: 3, within: '1h' };
const PAIRS = { type: 'object', properties: { items: { type: 'array', minItems: 2 } } };

const pathOf = (name: string) => `/api/workflows/${name}/queue`;
const queue = async (name: string, query = '') => (await api.get(`${pathOf(name)}${query}`)).body;
const passTime = () =>
  api.store.inside((tx) => tx.db.execute(sql`update held_group set due_at = now() where due_at is not null`));
const startsOf = (workflow: string) =>
  [...api.runs().all.values()].map(({ start }) => start.input).filter((input) => input.workflow === workflow);

it('lists everything once, page by page, whatever there is of it', async () => {
  const at = await publishHook(api, 'pages', {
    with: DEDUPE,
    graph: { batch: { ...BATCH, key: '${{ input.id }}' }, input: PAIRS },
  });
  for (const id of [1, 2]) await api.post(at, { id });
  await passTime();
  await releaseDue(api.ctx());
  for (const id of [3, 4, 5, 6]) await api.post(at, { id });
  for (const n of [0, 1, 2, 3, 4, 5]) {
    const place = { runId: `pages-${n}`, workflowId: `w/${n}`, workflow: 'pages', key: '', limit: 1 };
    await api.store.inside((tx) => takeSlot(tx, place));
  }
  const counts = { waiting: 5, held: 4, refused: 2 };
  const seen: Record<string, string[]> = { waiting: [], held: [], refused: [] };
  let pages = 0;
  for (let next: string | null = ''; next !== null; pages++) {
    const page = await queue('pages', `?limit=2${next === '' ? '' : `&cursor=${next}`}`);
    expect(page.counts).toEqual(counts);
    seen.waiting!.push(...page.waiting.map((one: { run: { id: string } }) => one.run.id));
    for (const list of ['held', 'refused']) seen[list]!.push(...page[list].map(({ key }: { key: string }) => key));
    next = page.next;
  }
  expect(pages).toBe(3);
  // Which of the two was refused first is left to chance.
  expect({ ...seen, refused: seen.refused!.toSorted() }).toEqual({
    waiting: ['pages-1', 'pages-2', 'pages-3', 'pages-4', 'pages-5'],
    held: ['3', '4', '5', '6'],
    refused: ['1', '2'],
  });
});

it('refuses cursors that are not ours', async () => {
  await publishHook(api, 'cursor', { with: { verify: 'none' } });
  const seqIsNone = Buffer.from('[["concurrency",1,"x"],null,null]').toString('base64url');
  for (const cursor of ['x', 'bnVsbA', seqIsNone]) {
    const answer = await api.get(`${pathOf('cursor')}?cursor=${cursor}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  }
});

describe('events whose run is refused', () => {
  it('are kept with the reason, can be read, and can be discarded', async () => {
    const at = await publishHook(api, 'refused', { with: DEDUPE, graph: { batch: BATCH, input: PAIRS } });
    await api.post(at, { id: 1 });
    await passTime();
    await releaseDue(api.ctx());
    expect(startsOf('refused')).toEqual([]);
    const listed = await queue('refused');
    expect(listed).toMatchObject({
      held: [],
      refused: [{ word: 'batch', trigger: 'in', count: 1, reason: expect.stringContaining('input/items') }],
    });
    const path = `${pathOf('refused')}/${listed.refused[0].group}`;
    expect((await api.get(path)).body).toMatchObject({
      outcome: 'refused',
      run: null,
      newest: { id: 'in', key: '1', body: { id: 1 } },
      events: [{ key: '1', input: { id: 1 } }],
    });
    expect(await api.send('DELETE', path)).toMatchObject({ status: 200, body: { discarded: 1 } });
    expect((await queue('refused')).refused).toEqual([]);
    expect((await api.get(path)).body).toMatchObject({ outcome: 'discarded', newest: null, events: [] });
  });
});

describe('events that are held', () => {
  it('have no run once they are discarded', async () => {
    const at = await publishHook(api, 'discarded', { with: DEDUPE, graph: { batch: BATCH } });
    const { group } = (await api.post(at, { id: 1 })).body.held;
    const path = `${pathOf('discarded')}/${group}`;
    expect((await api.get(path)).body).toMatchObject({ outcome: null, count: 1, events: [{ input: { id: 1 } }] });
    expect((await api.send('DELETE', path)).body).toEqual({ discarded: 1 });
    await passTime();
    await releaseDue(api.ctx());
    expect(startsOf('discarded')).toEqual([]);
    expect(await api.send('DELETE', path)).toMatchObject({ status: 409, body: { code: 'held.over' } });
    // The same event again is known, and another one is held.
    expect((await api.post(at, { id: 1 })).body.held).toMatchObject({ group, dueAt: null });
    expect((await api.post(at, { id: 2 })).body.held.group).not.toBe(group);
  });

  it('belong to their workflow', async () => {
    const at = await publishHook(api, 'mine', { with: DEDUPE, graph: { batch: BATCH } });
    const { group } = (await api.post(at, { id: 1 })).body.held;
    for (const method of ['GET', 'DELETE']) {
      const answer = await api.send(method, `${pathOf('other')}/${group}`);
      expect(answer).toMatchObject({ status: 404, body: { code: 'held.notFound' } });
    }
    expect((await api.get(`${pathOf('mine')}/nonsense`)).status).toBe(400);
  });

  it('are at most ten thousand groups: whoever sends more is told to come again, and one that goes makes room', async () => {
    const graph = { debounce: { key: '${{ input.id }}', quiet: '1h' } };
    const at = await publishHook(api, 'crowd', { with: DEDUPE, graph });
    await api.store.inside((tx) => tx.db.execute(sql`delete from held_group`));
    await api.store.inside((tx) =>
      tx.db.execute(sql`
        insert into held_group (workspace_id, id, workflow, trigger, uses, version, word, key, bytes, due_at)
        select 'a', gen_random_uuid(), 'crowd', 'in', 'webhook', 1, 'debounce', 'k' || n, 1, now() + interval '1 hour'
        from generate_series(1, 9999) as n`),
    );
    const { held } = (await api.post(at, { id: 'last' })).body;
    const refused = await api.post(at, { id: 'more' });
    expect(refused).toMatchObject({ status: 503, body: { code: 'hook.busy' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    // What joins a group that is there needs no room.
    expect((await api.post(at, { id: 'k7' })).status).toBe(202);
    await api.send('DELETE', `${pathOf('crowd')}/${held.group}`);
    expect((await api.post(at, { id: 'more' })).status).toBe(202);
    expect((await queue('crowd', '?limit=1')).counts.held).toBe(10_000);
  });
});
