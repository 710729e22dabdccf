import { expect, it } from 'vitest';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();

/** A graph with an effect behind a condition. */
const conditional = (name: string, trigger: object = {}, more: object = {}) =>
  graphOf(name, {
    triggers: { on: { uses: 'event', with: { event: `${name}.happened` }, ...trigger } },
    nodes: {
      big: { uses: 'if', with: { test: '${{ input.n > 100 }}' } },
      keep: { uses: 'kv.set', needs: ['big.true'], with: { key: 'k', value: '${{ input.n }}' } },
      ...more,
    },
    output: null,
  });

async function send(name: string, n: number) {
  const answer = await api.post('/api/events', { name: `${name}.happened`, data: { n } });
  return answer.body.triggers.map(({ outcome }: { outcome: string }) => outcome);
}

const publish = async (name: string, graph: object) =>
  expect((await api.put(`/api/workflows/${name}`, { graph })).status).toBe(201);

it('starts no run for a firing whose run would have nothing to do', async () => {
  await publish('quiet', conditional('quiet'));
  expect(await send('quiet', 5)).toEqual(['declined']);
  expect(api.runs().all.size).toBe(0);
  expect((await api.get('/api/runs?workflow=quiet')).body.items).toEqual([]);
  expect(await send('quiet', 500)).toEqual(['started']);
  expect(api.runs().all.size).toBe(1);
});

it.each<[string, object]>([
  ['the trigger keeps them', conditional('kept', { keepDeclined: true })],
  ['the graph wants Temporal', { ...conditional('durable'), execution: 'durable' }],
  [
    'somebody is answered',
    conditional('answers', {}, { no: { uses: 'respond', needs: ['big.false'], with: { status: 400 } } }),
  ],
])('starts it all the same if %s', async (_why, graph) => {
  const { name } = graph as { name: string };
  await publish(name, graph);
  expect(await send(name, 5)).toEqual(['started']);
});

it('starts a run that was called, whatever it has to do', async () => {
  await publish('called', conditional('called'));
  expect((await api.post('/api/workflows/called/runs', { input: { n: 5 } })).status).toBe(202);
});
