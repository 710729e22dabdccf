import { defineProvider } from '../define.ts';
import { emit } from './emit.ts';

/** Events of the workspace. */
export const event = defineProvider({
  id: 'event',
  title: 'Events',
  category: 'Workflows',
  icon: 'radio',
  nodes: [emit],
  connections: [],
});
