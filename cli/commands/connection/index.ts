import { collect, type Declaration, JSON_OPTION } from '../../declare.ts';
import { connectionUses, revokeConnection, rotateConnection, testConnection } from './care.ts';
import { connect, reconnect } from './connect.ts';
import { listConnections } from './list.ts';
import { setConnection } from './set.ts';

/** How the commands about connections are called. */
export const declareConnection: Declaration = ({ program, does, ctx }) => {
  const connection = program.command('connection').description('stored credentials');
  const command = (usage: string, about: string) =>
    connection
      .command(usage)
      .description(about)
      .option(...JSON_OPTION);
  command('set <name>', 'store or replace a connection')
    .requiredOption('--type <type>', 'such as http-bearer, oauth2 or smtp')
    .requiredOption('--data <json|@file>', 'its fields')
    .option('--host <host>', 'a host the connection may be sent to (repeatable)', collect, [])
    .option('--rate-limit <N/time>', 'how many calls it allows, such as 50/1s; 50/1s+10 allows 10 at once')
    .action(does((name: string, options) => setConnection(ctx, { name, ...options })));
  command('list', 'list the connections, without their fields').action(
    does((options) => listConnections(ctx, options)),
  );
  command('test <name>', 'try a connection, and say as whom it acts').action(
    does((name: string, options) => testConnection(ctx, { name, ...options })),
  );
  command('uses <name>', 'list the nodes and triggers that use a connection').action(
    does((name: string, options) => connectionUses(ctx, { name, ...options })),
  );
  command('rotate <name>', 'replace secrets of a connection; graphs and access stay')
    .requiredOption('--data <json|@file>', 'its secret fields, with their new values')
    .action(does((name: string, options) => rotateConnection(ctx, { name, ...options })));
  command('connect <name>', 'let an OAuth 2.0 connection in, in a browser')
    .option('--no-wait', 'print the address and do not wait')
    .action(does((name: string, options) => connect(ctx, { name, ...options })));
  command('reconnect <name>', 'give an OAuth 2.0 connection access again')
    .option('--no-wait', 'if a person is needed, print the address and do not wait')
    .action(does((name: string, options) => reconnect(ctx, { name, ...options })));
  command('revoke <name>', 'end the access of an OAuth 2.0 connection').action(
    does((name: string, options) => revokeConnection(ctx, { name, ...options })),
  );
};
