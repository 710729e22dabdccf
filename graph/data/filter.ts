import { asCondition } from '../expression/condition.ts';
import { fieldOf, LIST, onceList, perElement } from './parameters.ts';
import { type DataNode, invalid } from './types.ts';

/** `filter`: the elements for which `test` is true. */
export const filter: DataNode = {
  params: {
    items: { required: true, schema: LIST },
    test: { required: true, perElement: true, schema: { type: ['boolean', 'null'] } },
  },
  run: (input) => {
    const items = onceList(input, 'items');
    const template = fieldOf(input.with, 'test') ?? invalid('with.test is missing.');
    const test = perElement(input, template, 'with.test', 'fine');
    return items.filter((item, index) => asCondition(test(item, index), 'with.test'));
  },
};
