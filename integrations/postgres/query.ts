import { z } from 'zod';
import { defineNode } from '../define.ts';
import { duration, json } from '../schema.ts';

const NOTES = `
**Parameters.** Values go into \`params\` and stand in the statement as \`$1\`, \`$2\`. The statement itself is best a constant: text that an
expression puts into it is executed as SQL. A parameter takes the type the statement gives it: lists become arrays, or JSON where JSON is expected;
objects become JSON; base64 text becomes \`bytea\`. One statement per node.

**Transaction.** The statement runs in a transaction of its own, \`READ ONLY\` if you say so, and is rolled back if anything fails. So a broken
connection is retried: nothing was changed. Only if it breaks while the change is being confirmed the outcome is unknown
(\`postgres.unanswered\`, not retried). **At least once**: a crash of the worker right after the commit leads to a second attempt. Make the
statement bear it (\`insert … on conflict do nothing\`, \`update … where state = 'open'\`). Statements that refuse a transaction (\`VACUUM\`, \`CREATE INDEX
CONCURRENTLY\`) need \`transaction: false\`.

**Values in rows.** \`int2\`, \`int4\`, \`float\`: numbers. \`int8\`: a number while exact (up to 2^53), else text. \`numeric\`: text, exact; \`Number(…)\` or
\`::float8\` makes it a number. \`json\`, \`jsonb\`: as they are, but integers beyond 2^53 in them, at any depth, are texts with every digit, as
\`int8\` is, and stay texts if they are written back as JSON. Decimals in them are doubles of at most 17 digits: cast what needs more to \`text\`.
\`timestamptz\`: ISO text in UTC; \`timestamp\`, \`date\`, \`time\`: ISO text without zone. \`interval\`: ISO 8601 duration. \`bytea\`: base64. Arrays of
these: lists. All others: text. Of two columns with one name the later stays.
`.trim();

const input = z
  .strictObject({
    sql: z.string().min(1).max(262_144).describe('One statement, with `$1`, `$2` … for values.'),
    params: z.array(json()).max(10_000).default([]).describe('Values of `$1`, `$2` …'),
    readOnly: z.boolean().default(false).describe('Run in a READ ONLY transaction: the server refuses every change.'),
    maxRows: z
      .int()
      .min(1)
      .max(100_000)
      .default(10_000)
      .describe('Fail, and roll back, if more rows come back (50 MiB at most, however many).'),
    statementTimeout: duration('10ms', '1h').default('30s').describe('The server ends the statement after this long.'),
    transaction: z.boolean().default(true).describe('False for statements that cannot run in a transaction.'),
  })
  .refine(({ readOnly, transaction }) => transaction || !readOnly, 'readOnly needs a transaction');

const output = z.object({
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

/** Runs SQL. */
export const query = defineNode({
  type: 'postgres.query',
  version: '1.0.0',
  title: 'Run SQL',
  description:
    'Runs one SQL statement on a PostgreSQL database, with parameters, in a transaction of its own, and returns its rows.',
  connection: { type: 'postgres', required: true },
  effect: 'at-least-once',
  timeout: '15m',
  retry: { maxAttempts: 5, delay: '500ms', factor: 2, maxDelay: '30s', attemptTimeout: '2m' },
  input,
  output,
  examples: [
    {
      title: 'Read',
      with: { sql: 'select id, email from customer where active and city = $1', params: ['Berlin'], readOnly: true },
    },
    {
      title: 'Insert a list of objects, once',
      with: {
        sql: 'insert into orders (id, total) select id, total from jsonb_to_recordset($1) as r(id int, total numeric) on conflict do nothing',
        params: [[{ id: 1, total: '9.90' }]],
      },
    },
  ],
  errors: {
    'postgres.<SQLSTATE>':
      'The server refuses, as `postgres.23505` (unique violation). Serialization failures, deadlocks and a starting, stopping or full server are retried.',
    'postgres.unanswered': 'The connection broke while the change was being confirmed. Not retried, `unknown: true`.',
    'postgres.network': 'No connection, or it broke before anything was changed. Retried.',
    'postgres.tls': 'No secure connection, or a certificate that does not fit.',
    'postgres.copy': '`COPY … FROM STDIN` or `TO STDOUT`: there is no stream to read or write.',
    'postgres.nul': 'The statement, or a parameter for text or `jsonb`, holds the character U+0000.',
    'postgres.tooManyRows': 'More rows than `maxRows`; nothing was changed.',
    'postgres.tooLarge': 'The result is larger than 50 MiB.',
    'network.forbidden': 'The host is private, local or reserved, and the operator has not allowed it.',
  },
  notes: NOTES,
  async run(ctx, input) {
    const { runQuery } = await import('./run-query.ts');
    return runQuery(ctx, input);
  },
});
