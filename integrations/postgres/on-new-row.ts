import { z } from 'zod';
import { defineTrigger } from '../define-trigger.ts';
import { duration, json } from '../schema.ts';
import type { RowCursor } from './new-rows.ts';

const column = () => z.string().min(1).max(63);

const NOTES = `
**The query** says what to look at, without \`order by\` and \`limit\`: Blok adds them, and the condition that leaves out what was there before. Both
columns must be in its result. An index on the cursor column (with the key column) keeps each look cheap.

**The cursor column** only grows: a number from a sequence, or the time of the last change. Rows that share a value are told apart by the key
column. Rows without a value are not looked at.

**A row that is changed** fires again if the cursor column grows with the change (\`updated_at\`), and otherwise does not. Two changes between two
looks are one, with the last values. A row that is deleted before a look is not seen.

**Clocks.** A row whose time is still to come, because the clock of its writer is wrong, is not looked at before that time, and keeps none back. A
time without a zone (\`timestamp\`, \`date\`) may be up to a day ahead; better is \`timestamptz\`.

**Late rows.** A transaction that began early may end late, so that its row appears behind rows with higher values. For as long as \`late\` says, Blok
looks again at what it has just seen, and remembers the rows there (4,000 at most). A transaction that stays open longer loses its row for the
trigger.
`.trim();

/** Fires for each new row of a query. */
export const onNewRow = defineTrigger({
  type: 'postgres.newRow',
  title: 'New row in PostgreSQL',
  description:
    'Fires once for each new row that a query on a PostgreSQL database returns, in the order of a column that only grows.',
  connection: { type: 'postgres', required: true },
  with: z.strictObject({
    sql: z.string().min(1).max(65_536).describe('A `select`, with `$1`, `$2` … for values.'),
    params: z.array(json()).max(100).default([]).describe('Values of `$1`, `$2` …'),
    cursor: column().default('id').describe('Column of the result that only grows, such as `id` or `updated_at`.'),
    key: column().default('id').describe('Column of the result that identifies a row.'),
    late: duration('0s', '1h').default('30s').describe('How long a transaction that inserts rows may take.'),
  }),
  item: z.record(z.string(), json()).describe('The row, as an object by column name.'),
  every: '30s',
  examples: [
    { title: 'New orders', with: { sql: "select id, total, city from orders where state = 'paid'" } },
    {
      title: 'New and changed customers',
      with: { sql: 'select id, email, updated_at from customer', cursor: 'updated_at' },
    },
  ],
  errors: {
    'postgres.<SQLSTATE>': 'The server refuses the query, for example `postgres.42703` (there is no such column).',
    'postgres.network': 'No connection.',
    'postgres.tooLarge': 'The new rows are larger than 50 MiB: select fewer columns.',
  },
  notes: NOTES,
  watches: ({ sql, params, cursor, key }) => [sql, params, cursor, key],
  async poll(ctx, request) {
    const { newRows } = await import('./new-rows.ts');
    return newRows(ctx, { ...request, cursor: request.cursor as RowCursor | null });
  },
});
