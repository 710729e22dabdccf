import { defineProvider } from '../define.ts';
import { remove } from './delete.ts';
import { get } from './get.ts';
import { set } from './set.ts';

/** State between runs. */
export const kv = defineProvider({
  id: 'kv',
  title: 'Key-value state',
  category: 'Data',
  icon: 'key-round',
  nodes: [get, set, remove],
  connections: [],
});
