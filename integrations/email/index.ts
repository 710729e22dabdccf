import { defineProvider } from '../define.ts';
import { smtp } from './connection.ts';
import { send } from './send.ts';

/** Mail. */
export const email = defineProvider({
  id: 'email',
  title: 'Email',
  category: 'Communication',
  icon: 'mail',
  nodes: [send],
  connections: [smtp],
});
