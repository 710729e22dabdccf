import { defineProvider } from '../define.ts';
import { smtp } from './connection.ts';
import { send } from './send.ts';

/** Mail. */
export const email = defineProvider({ id: 'email', title: 'Email', nodes: [send], connections: [smtp] });
