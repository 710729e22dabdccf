import { defineConnection } from '../define-connection.ts';
import { fields, targetOf } from './target.ts';

/** A PostgreSQL server. */
export const postgres = defineConnection({
  type: 'postgres',
  title: 'PostgreSQL',
  description: 'A PostgreSQL database. Give it a role that may do no more than its workflows need.',
  fields,
  secretFields: ['url', 'password', 'key'],
  allowedHosts: (data) => {
    const target = targetOf(data);
    return target === null ? [] : [target.host];
  },
  async test(ctx, data) {
    const { tryTarget } = await import('./session.ts');
    return tryTarget(ctx, { name: 'test', type: 'postgres', data, hosts: ctx.hosts }, data);
  },
});
