import { expect, it } from 'vitest';
import { describeNode } from '../../integrations/describe.ts';
import { get } from '../../integrations/kv/get.ts';
import { listNodeTypes } from './list.ts';

it('GET /api/node-types says which scopes a node needs, also in the slim list', () => {
  const connection = { type: 'http-bearer', required: true, scopes: ['orders.read', ['orders.write', 'orders.all']] };
  const node = describeNode({ ...get, type: 'shop.listOrders', connection });
  for (const slim of [false, true]) {
    const { items } = listNodeTypes({ catalogue: new Map([[node.type, node]]) }, { slim });
    expect(items).toMatchObject([{ type: 'shop.listOrders', connection }]);
  }
});
