import { defineProvider } from '../define.ts';
import { run } from './run.ts';

/** Lets a workflow run other workflows. */
export const workflow = defineProvider({
  id: 'workflow',
  title: 'Workflows',
  category: 'Workflows',
  icon: 'workflow',
  nodes: [run],
  connections: [],
});
