import { defineProvider } from '../define.ts';
import { onChanged } from './on-changed.ts';

/** Folders of the machine on which the worker runs. */
export const folder = defineProvider({
  id: 'folder',
  title: 'Folders',
  category: 'Files',
  icon: 'folder',
  nodes: [],
  triggers: [onChanged],
  connections: [],
});
