import { expect, it } from 'vitest';
import { getTrigger, switchTrigger } from '../../../db/index.ts';
import { graphOf, useApi } from '../../testing/api.ts';
import { setUpDueTriggers } from './round.ts';

const api = useApi();
const ID = 'a/news/feed~watch';
const feed = { uses: 'rss.newItem', with: { url: 'https://news.example/feed.xml' } };
const publish = async (triggers: object) => {
  const { status, body } = await api.put('/api/workflows/news', { graph: graphOf('news', { triggers }) });
  expect([status, body]).toEqual([201, expect.anything()]);
  await setUpDueTriggers(api.ctx());
};
const row = () => api.ctx().tenant((tx) => getTrigger(tx, { workflow: 'news', id: 'feed' }));

it('watches for a published trigger, lets the watch look after each change, and ends it when the trigger is gone', async () => {
  await publish({ feed });
  expect(await row()).toMatchObject({ state: 'active', reason: null });
  expect(api.runs().watching).toEqual(new Map([[ID, 1]]));
  await publish({ feed: { ...feed, label: 'News' } });
  expect(api.runs().watching).toEqual(new Map([[ID, 2]]));
  await api.ctx().tenant((tx) => switchTrigger(tx, { workflow: 'news', id: 'feed', enabled: false }));
  await setUpDueTriggers(api.ctx());
  expect(await row()).toMatchObject({ state: 'off' });
  // It is told, so that it knows from when on the trigger was off.
  expect(api.runs().watching).toEqual(new Map([[ID, 3]]));
  await publish({});
  expect(api.runs().watching).toEqual(new Map());
  expect(await row()).toBeNull();
});

it('says that a connection is missing, and watches once it is there', async () => {
  await publish({ feed: { ...feed, connection: 'paper' } });
  expect((await row())?.reason).toContain('The connection "paper" is missing');
  expect(api.runs().watching.size).toBe(0);
});
