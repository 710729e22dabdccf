import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { QueryResultRow } from 'pg';
import type { Tenant } from './database.ts';

const dialect = new PgDialect();

/**
 * Executes a statement under a name, so that Postgres parses and plans it once for each connection: for what every run
 * writes, because planning that takes longer than the writing. The text is the same whatever is written; the driver
 * refuses another text under the same name.
 */
export async function executePrepared<Row extends QueryResultRow>(
  tx: Tenant,
  name: string,
  statement: SQL,
): Promise<Row[]> {
  const { sql: text, params } = dialect.sqlToQuery(statement);
  const { rows } = await tx.db.$client.query<Row>({ name, text, values: params });
  return rows;
}
