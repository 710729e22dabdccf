import { defineNode } from '../define.ts';
import { input, output } from './input.ts';

const NOTES = `
**Parameters.** Put values into \`params\`, and refer to them in the statement as \`$1\`, \`$2\`. The statement itself should be a constant: text that
an expression puts into it is executed as SQL. A parameter takes the type the statement gives it: lists become arrays, or JSON where JSON is expected;
objects become JSON; base64 text becomes \`bytea\`. One statement per node.

**Transaction.** The statement runs in its own transaction, which is \`READ ONLY\` if you set \`readOnly\`, and is rolled back if anything fails. So after
a broken connection the statement is retried, because nothing was changed. Only if the connection breaks while the change is being confirmed is the
outcome unknown (\`postgres.unanswered\`, not retried). **At least once**: a crash of the worker right after the commit leads to a second attempt. Make
the statement repeatable (\`insert … on conflict do nothing\`, \`update … where state = 'open'\`). Statements that cannot run in a transaction (\`VACUUM\`,
\`CREATE INDEX CONCURRENTLY\`) need \`transaction: false\`.

**Values in rows.** \`int2\`, \`int4\`, \`float\`: numbers. \`int8\`: a number as long as it is exact (up to 2^53), else text. \`numeric\`: exact text;
\`Number(…)\` or \`::float8\` makes it a number. \`json\`, \`jsonb\`: as they are, except that integers beyond 2^53 in them, at any depth, are texts with
every digit, as for \`int8\`, and stay texts if they are written back as JSON. Decimals in them are doubles of at most 17 digits: cast a decimal that
needs more digits to \`text\`. \`timestamptz\`: ISO text in UTC; \`timestamp\`, \`date\`, \`time\`: ISO text without a zone. \`interval\`: ISO 8601 duration.
\`bytea\`: base64. Arrays of these types: lists. All other types: text. If two columns have the same name, the later one is kept.
`.trim();

/** Runs SQL. */
export const query = defineNode({
  type: 'postgres.query',
  version: '1.0.0',
  title: 'Run SQL',
  description:
    'Runs one SQL statement on a PostgreSQL database, with parameters, in its own transaction, and returns the rows.',
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
      'The server refuses, for example `postgres.23505` (unique violation). Serialization failures, deadlocks and a server that is starting, stopping or out of resources are retried.',
    'postgres.unanswered': 'The connection broke while the change was being confirmed. Not retried, `unknown: true`.',
    'postgres.network': 'No connection, or it broke before anything was changed. Retried.',
    'postgres.tls':
      'No secure connection, or a certificate that does not match. A server that is not on this machine must offer TLS, unless the connection says otherwise.',
    'postgres.copy': '`COPY … FROM STDIN` or `TO STDOUT`: there is no stream to read or write.',
    'postgres.nul': 'The statement, or a parameter of type text or `jsonb`, holds the character U+0000.',
    'postgres.tooManyRows': 'More rows than `maxRows`; nothing was changed.',
    'postgres.tooLarge':
      'The result is larger than 50 MiB, or its JSON and arrays hold more values than about 170,000 records of ten fields.',
    'network.forbidden':
      'The host is private, local or reserved, or is Blok’s own Postgres, and the operator has not allowed it.',
  },
  notes: NOTES,
  async run(ctx, input) {
    const { runQuery } = await import('./run-query.ts');
    return runQuery(ctx, input);
  },
});
