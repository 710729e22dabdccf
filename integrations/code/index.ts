import { defineProvider } from '../define.ts';
import { javascript } from './javascript.ts';

/** Scripts that authors write. */
export const code = defineProvider({
  id: 'code',
  title: 'Code',
  category: 'Logic',
  icon: 'code',
  nodes: [javascript],
  connections: [],
});
