import { defineProvider } from '../define.ts';
import { remove } from './delete.ts';
import { list } from './list.ts';
import { onChanged } from './on-changed.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** Files of the workspace. */
export const file = defineProvider({
  id: 'file',
  title: 'Files',
  category: 'Files',
  icon: 'file',
  nodes: [read, write, list, remove],
  triggers: [onChanged],
  connections: [],
});
