import { defineProvider } from '../define.ts';
import { create } from './create.ts';
import { extract } from './extract.ts';
import { list } from './list.ts';

/** Archives. */
export const zip = defineProvider({
  id: 'zip',
  title: 'ZIP archives',
  nodes: [list, extract, create],
  connections: [],
});
