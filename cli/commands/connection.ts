import { collect, type Declaration, JSON_OPTION } from '../declare.ts';
import { listConnections } from './connection-list.ts';
import { setConnection } from './connection-set.ts';

/** How the commands about connections are called. */
export const declareConnection: Declaration = ({ program, does, ctx }) => {
  const connection = program.command('connection').description('stored credentials');
  connection
    .command('set <name>')
    .description('store or replace a connection')
    .requiredOption('--type <type>', 'such as http-bearer or smtp')
    .requiredOption('--data <json|@file>', 'its fields')
    .option('--host <host>', 'a host the connection may be sent to (repeatable)', collect, [])
    .option('--rate-limit <N/time>', 'how many calls it allows, such as 50/1s; 50/1s+10 allows 10 at once')
    .option(...JSON_OPTION)
    .action(does((name: string, options) => setConnection(ctx, { name, ...options })));
  connection
    .command('list')
    .description('list the connections, without their fields')
    .option(...JSON_OPTION)
    .action(does((options) => listConnections(ctx, options)));
};
