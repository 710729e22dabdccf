import { defineConnection } from '../define-connection.ts';
import { fields } from './connection-fields.ts';

/** A mailbox that is read (IMAP4rev1, RFC 3501). */
export const imapConnection = defineConnection({
  type: 'imap',
  title: 'IMAP server',
  description: 'A mail server whose mailboxes are read.',
  fields,
  secretFields: ['password', 'accessToken', 'key'],
  allowedHosts: ({ host }) => [host],
  async test(ctx, data) {
    const { tryServer } = await import('./session.ts');
    return tryServer(ctx, { name: 'test', type: 'imap', data, hosts: ctx.hosts }, data);
  },
});
