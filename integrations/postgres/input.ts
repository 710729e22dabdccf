import { z } from 'zod';
import { duration, json } from '../schema.ts';

/** Schema of the parameters of `postgres.query`. */
export const input = z
  .strictObject({
    sql: z.string().min(1).max(262_144).describe('One statement, with `$1`, `$2` … for values.'),
    params: z.array(json()).max(10_000).default([]).describe('Values of `$1`, `$2` …'),
    readOnly: z.boolean().default(false).describe('Run in a READ ONLY transaction: the server refuses every change.'),
    maxRows: z
      .int()
      .min(1)
      .max(100_000)
      .default(10_000)
      .describe('Fail, and roll back, if the statement returns more rows. A result is at most 50 MiB in any case.'),
    statementTimeout: duration('10ms', '1h').default('30s').describe('The server ends the statement after this long.'),
    transaction: z.boolean().default(true).describe('False for statements that cannot run in a transaction.'),
  })
  .refine(({ readOnly, transaction }) => transaction || !readOnly, 'readOnly needs a transaction');

/** Schema of the result of `postgres.query`. */
export const output = z.object({
  rows: z.array(z.record(z.string(), json())).describe('Rows returned, as objects by column name.'),
  count: z.int().describe('Rows returned, or changed by a statement that returns none.'),
  fields: z
    .array(z.object({ name: z.string().describe('Name of the column.'), type: z.string().describe('Its type.') }))
    .describe('Columns, in order.'),
});

/** Parameters of `postgres.query`, parsed. */
export type QueryInput = z.output<typeof input>;
/** What `postgres.query` returns. */
export type QueryOutput = z.output<typeof output>;
