import { defineConnection } from '../define-connection.ts';
import { fields } from './connection-fields.ts';

/** A mail server that accepts messages (SMTP submission, RFC 6409). */
export const smtp = defineConnection({
  type: 'smtp',
  title: 'SMTP server',
  description: 'A mail server that sends your messages.',
  fields,
  secretFields: ['password', 'key'],
  allowedHosts: ({ host }) => [host],
  async test(ctx, data) {
    const { tryServer } = await import('./session.ts');
    return tryServer(ctx, { name: 'test', type: 'smtp', data, hosts: ctx.hosts }, data);
  },
});
