import { defineProvider } from '../define.ts';
import { webhookSecret } from './connection.ts';

/** What webhooks are verified with; the trigger itself belongs to the language. */
export const webhook = defineProvider({
  id: 'webhook',
  title: 'Webhooks',
  category: 'Web',
  icon: 'webhook',
  nodes: [],
  connections: [webhookSecret],
});
