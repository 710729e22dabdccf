import { defineProvider } from '../define.ts';
import { postgres as connection } from './connection.ts';
import { onNewRow } from './on-new-row.ts';
import { query } from './query.ts';

/** PostgreSQL. */
export const postgres = defineProvider({
  id: 'postgres',
  title: 'PostgreSQL',
  category: 'Data',
  icon: 'database',
  nodes: [query],
  triggers: [onNewRow],
  connections: [connection],
});
