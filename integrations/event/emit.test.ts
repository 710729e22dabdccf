import { expect, it } from 'vitest';
import type { EmittedEvent } from '../context.ts';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { emit } from './emit.ts';

it('sends what it is given, with null for what is left out', async () => {
  const sent: EmittedEvent[] = [];
  const answer = { id: 'e1', delivered: 1, triggers: [] };
  const events = {
    emit: async (event: EmittedEvent) => {
      sent.push(event);
      return answer;
    },
  };
  expect(await runNode(emit, fakeContext({ events }), { event: 'order.paid', key: '7', data: { n: 1 } })).toEqual(
    answer,
  );
  await runNode(emit, fakeContext({ events }), { event: 'bell' });
  expect(sent).toEqual([
    { name: 'order.paid', key: '7', data: { n: 1 } },
    { name: 'bell', key: null, data: null },
  ]);
});
