import { LIST, once, onceList, onceWord } from './parameters.ts';
import { type DataNode, invalid } from './types.ts';

const ENDS = ['start', 'end'] as const;

/** `limit`: the first (or last) `count` elements. */
export const limit: DataNode = {
  params: {
    items: { required: true, schema: LIST },
    count: { required: true, schema: { type: 'integer', minimum: 0 } },
    from: { schema: { type: 'string', enum: [...ENDS] } },
  },
  run: (input) => {
    const items = onceList(input, 'items');
    const count = once(input, 'count');
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) {
      return invalid(`with.count must be a whole number of 0 or more, not ${JSON.stringify(count)?.slice(0, 60)}.`);
    }
    const end = onceWord(input, 'from', ENDS) === 'end';
    return end ? items.slice(Math.max(0, items.length - count)) : items.slice(0, count);
  },
};
