import { expect, it } from 'vitest';
import { validateText } from '../graph/index.ts';
import { describeNode, describeTrigger } from './describe.ts';
import { onPoll } from './http/on-poll.ts';
import { get } from './kv/get.ts';

const connection = { type: 'oauth2', required: true, scopes: ['orders.read', ['orders.write', 'orders.all']] };

it('the scopes in the definition of a node are those that its author is told, and warned of', () => {
  const facts = describeNode({ ...get, type: 'shop.listOrders', connection });
  expect(facts.connection).toEqual(connection);
  const graph = 'blok: 1\nname: n\nnodes: { a: { uses: shop.listOrders, connection: shop, with: { key: k } } }';
  const problemsWith = (scopes: readonly string[]) =>
    validateText(graph, {
      catalogue: new Map([[facts.type, facts]]),
      connections: new Map([['shop', { type: 'oauth2', scopes }]]),
    }).problems.map(({ code, message }) => [code, message]);
  expect(problemsWith(['orders.read', 'orders.all'])).toEqual([]);
  expect(problemsWith(['orders.read'])).toEqual([
    ['missing-scope', expect.stringContaining('`orders.write` or `orders.all`')],
  ]);
});

it('so are those of a trigger', () => {
  expect(describeTrigger({ ...onPoll, connection }).connection).toEqual(connection);
});
