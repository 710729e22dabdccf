import { defineProvider } from '../define.ts';
import { imapConnection } from './connection.ts';
import { onNewMessage } from './on-new-message.ts';

/** Mailboxes. */
export const imap = defineProvider({
  id: 'imap',
  title: 'Mailboxes',
  category: 'Communication',
  icon: 'inbox',
  nodes: [],
  triggers: [onNewMessage],
  connections: [imapConnection],
});
