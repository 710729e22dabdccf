import { expect, it } from 'vitest';
import { planOf } from '../run-state/testing/game.ts';
import { partFrom } from './part-from.ts';

const { body } = planOf(`
nodes:
  a: { uses: t.do }
  side: { uses: t.do }
  b: { uses: t.do, needs: [a] }
  each:
    uses: forEach
    needs: [b]
    with: { items: [1, 2] }
    nodes: { x: { uses: t.do }, y: { uses: t.do, needs: [x] }, z: { uses: t.do } }
  other: { uses: t.do }
  end: { uses: t.do, needs: [each, other], join: all }`);

it('of a graph that begins with a step: what it needs, and what has nothing to do with it', () => {
  expect(partFrom(body, 'b')).toEqual({ needed: ['a', 'other'], others: ['side'] });
  expect(partFrom(body, 'each[1].y')).toEqual({
    needed: expect.arrayContaining(['a', 'b', 'other', 'each[1].x']),
    others: expect.arrayContaining(['side', 'each[1].z']),
  });
  expect(partFrom(body, 'each[1].nowhere')).toBeUndefined();
  expect(partFrom(body, 'nowhere')).toBeUndefined();
});
