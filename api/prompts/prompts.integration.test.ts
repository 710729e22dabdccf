import { describe, expect, it } from 'vitest';
import { getVersion } from '../../db/index.ts';
import { testCatalogue } from '../../graph/validate/testing/validated.ts';
import { createApp } from '../app.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();
const GREETING =
  'variables: { type: object, properties: { name: { type: string } } }\nmessages: [{ role: user, text: "Hi ${{ vars.name }}" }]';
const write = (document: unknown, more: object = {}, name = 'greeting') =>
  api.put(`/api/prompts/${name}`, { document, ...more });

describe('prompts', () => {
  it('are written in versions that never change, listed and shown', async () => {
    const first = await write(GREETING, { message: 'the first' });
    expect(first).toMatchObject({
      status: 201,
      body: { name: 'greeting', version: 1, message: 'the first', author: 'owner' },
    });
    expect(first.body.document.messages).toEqual([{ role: 'user', text: 'Hi ${{ vars.name }}' }]);
    expect(await write(first.body.document)).toMatchObject({ status: 200, body: { version: 1, message: 'the first' } });
    expect(await write({ messages: [{ role: 'user', text: 'Hello' }] })).toMatchObject({
      status: 201,
      body: { version: 2 },
    });
    await write(GREETING, {}, 'another');
    expect((await api.get('/api/prompts')).body).toMatchObject({
      items: [
        { name: 'another', version: 1 },
        { name: 'greeting', version: 2 },
      ],
      next: null,
    });
    const page = (await api.get('/api/prompts?limit=1')).body;
    expect((await api.get(`/api/prompts?limit=1&cursor=${page.next}`)).body.items).toMatchObject([
      { name: 'greeting' },
    ]);
    expect((await api.get('/api/prompts/greeting?version=1')).body.document).toEqual(first.body.document);
    expect((await api.get('/api/prompts/greeting/versions')).body.items).toMatchObject([
      { version: 2 },
      { version: 1 },
    ]);
    for (const path of ['nobody', 'greeting?version=9', 'nobody/versions'])
      expect((await api.get(`/api/prompts/${path}`)).body.code).toBe('prompt.notFound');
  });

  it('are written by one of two who write at the same time, if they say which version they know', async () => {
    await write(GREETING, { onto: 0 }, 'raced');
    const both = await Promise.all(
      ['a', 'b'].map((text) => write({ messages: [{ role: 'user', text }] }, { onto: 1 }, 'raced')),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(both.find(({ status }) => status === 409)!.body.code).toBe('prompt.changed');
  });

  it('are refused with the places of their problems', async () => {
    const refused = await write('messages:\n  - { role: user, text: "${{ vars.nme }}" }', {}, 'wrong');
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'prompt.invalid', problems: [{ code: 'unknown-var', path: '/messages/0/text', line: 2 }] },
    });
    expect((await api.get('/api/prompts/wrong')).status).toBe(404);
  });

  it('belong to one workspace', async () => {
    await write(GREETING, {}, 'mine');
    expect((await api.appOf('b').request('/api/prompts/mine')).status).toBe(404);
  });
});

describe('publishing a graph', () => {
  it('pins the newest version of its prompts, and refuses prompts that are not there', async () => {
    const app = createApp({ ...api.ctx(), catalogue: testCatalogue });
    const publish = async (prompt: object) => {
      const graph = { blok: 1, name: 'ask', nodes: { ask: { uses: 'ai.write', with: { prompt } } } };
      const body = JSON.stringify({ graph });
      const init = { method: 'PUT', body, headers: { 'content-type': 'application/json' } };
      const answer = await app.request('/api/workflows/ask', init, { incoming: { complete: true } });
      return { status: answer.status, body: (await answer.json()) as Record<string, never> };
    };
    const pinned = async (version: number) => {
      const plan = (await api.store.inside((tx) => getVersion(tx, { name: 'ask', version })))!.plan;
      return plan.body.nodes[0]!.with;
    };
    await write(GREETING, {}, 'pinned');
    expect(await publish({ name: 'pinned' })).toMatchObject({ status: 201, body: { version: 1 } });
    expect(await publish({ name: 'pinned' })).toMatchObject({ status: 200, body: { version: 1 } });
    await write({ messages: [{ role: 'user', text: 'Hello' }] }, {}, 'pinned');
    expect(await publish({ name: 'pinned' })).toMatchObject({ status: 201, body: { version: 2 } });
    expect(await publish({ name: 'pinned', version: 1 })).toMatchObject({ status: 201, body: { version: 3 } });
    expect([await pinned(1), await pinned(2), await pinned(3)]).toEqual(
      [1, 2, 1].map((version) => ['v', { prompt: { name: 'pinned', version } }]),
    );
    expect(await publish({ name: 'nowhere' })).toMatchObject({
      status: 422,
      body: { problems: [{ code: 'unknown-prompt' }] },
    });
  });
});
