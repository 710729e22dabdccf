import type { Stream } from 'node:stream';
import type { Json } from '../../graph/json.ts';
import type { ProviderContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { openConnection } from '../open-connection.ts';
import { toMs } from '../schema.ts';
import { postgres } from './connection.ts';
import { type Progress, postgresError } from './errors.ts';
import type { QueryInput, QueryOutput } from './input.ts';
import { nulFailure, refuseNul } from './nul.ts';
import { type Backend, openSession, type Session } from './session.ts';
import { typeName } from './types.ts';

/** Largest result in bytes, as the server sends it. */
const MAX_BYTES = 52_428_800;

/** What the driver returns when asked for rows as lists. */
interface Answer extends Array<unknown[]> {
  readonly columns?: readonly { readonly name: string; readonly type: number }[];
  readonly count: number | null;
}

/** A running query of the driver: `state` is the backend that runs it. */
interface Running {
  readonly state?: Backend | null;
}

/** Runs the author's statement on the session. */
type Execute = () => Promise<QueryOutput>;

/** How long a cancelled statement may take to end before the connection is dropped. */
const CANCEL_MS = 2_000;

/** Runs one statement: the work of `postgres.query`. */
export async function runQuery(ctx: ProviderContext, input: QueryInput): Promise<QueryOutput> {
  refuseNul(input.sql);
  const { connection, data } = openConnection(ctx.connection, postgres);
  const session = await openSession(ctx.network, connection, data);
  const progress: Progress = { uncertain: false, tooLarge: false };
  let running: Running | null = null;
  let last: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    if (running?.state) void session.cancel(running.state);
    last = setTimeout(() => session.sever(), CANCEL_MS);
  };
  ctx.signal.addEventListener('abort', onAbort, { once: true });
  const watch = setInterval(() => {
    if (session.received() <= MAX_BYTES) return;
    progress.tooLarge = true;
    session.sever();
  }, 20);
  const execute: Execute = async () => {
    const { sql } = session;
    ctx.signal.throwIfAborted();
    // Type 0: the server determines the type of each parameter, instead of the driver guessing from the value.
    const parameters = input.params.map((value) => (value === null ? null : sql.typed(value as never, 0)));
    // Never the simple protocol: it would run several statements, and one of them could end a read-only transaction.
    const query = sql.unsafe(input.sql, parameters as never[], { simple: false } as never).values();
    running = query as unknown as Running;
    const answer = (await query) as unknown as Answer | Stream;
    if (Array.isArray(answer)) return outputOf(answer as Answer, input.maxRows);
    // COPY from or to the client is a stream. Nobody listens for its errors, so an error would end the process.
    answer.on('error', () => {});
    session.sever();
    throw new NodeError(
      'postgres.copy',
      'COPY from or to the client has no data here. Select rows, or insert from jsonb_to_recordset($1).',
    );
  };
  try {
    const work = input.transaction ? inTransaction : alone;
    return await Promise.race([work(session, input, progress, execute), session.broken]);
  } catch (error) {
    if (!progress.uncertain) ctx.signal.throwIfAborted();
    throw nulFailure(error, input.params) ?? postgresError(error, session.host, progress, MAX_BYTES);
  } finally {
    clearInterval(watch);
    clearTimeout(last);
    ctx.signal.removeEventListener('abort', onAbort);
    session.close();
  }
}

/**
 * No ROLLBACK is sent: closing the session rolls back, and the driver would wait forever for an answer on a connection
 * that broke.
 */
async function inTransaction(
  { sql }: Session,
  input: QueryInput,
  progress: Progress,
  execute: Execute,
): Promise<QueryOutput> {
  await sql.unsafe(`begin ${input.readOnly ? 'read only' : 'read write'}; ${settings('set local', input)}`);
  const output = await execute();
  // From here until its answer, the COMMIT is unconfirmed. Before it, a broken connection means that nothing changed.
  progress.uncertain = !input.readOnly;
  await sql.unsafe('commit');
  return output;
}

async function alone({ sql }: Session, input: QueryInput, progress: Progress, execute: Execute): Promise<QueryOutput> {
  await sql.unsafe(settings('set', input));
  progress.uncertain = true;
  return execute();
}

/** Times as ISO text in UTC, whatever the server's settings are, and a time limit that the server itself enforces. */
function settings(set: 'set' | 'set local', input: QueryInput): string {
  return [
    `${set} statement_timeout = ${toMs(input.statementTimeout)}`,
    `${set} timezone = 'UTC'`,
    `${set} datestyle = 'ISO, YMD'`,
    `${set} intervalstyle = 'iso_8601'`,
    `${set} bytea_output = 'hex'`,
    // Takes the snapshot, after which no statement can make a read-only transaction writable.
    'select 1',
  ].join('; ');
}

function outputOf(answer: Answer, maxRows: number): QueryOutput {
  if (answer.length > maxRows) {
    throw new NodeError(
      'postgres.tooManyRows',
      `The statement returns ${answer.length} rows, more than "maxRows" (${maxRows}); the transaction was rolled back. Add a LIMIT, or raise "maxRows".`,
    );
  }
  const columns = answer.columns ?? [];
  const names = columns.map(({ name }) => name);
  return {
    // Built here, because the driver assigns by name, and a column called __proto__ would then set a prototype.
    rows: answer.map((row) =>
      Object.fromEntries(row.map((value, index) => [names[index] ?? String(index), value as Json])),
    ),
    count: answer.count ?? answer.length,
    fields: columns.map(({ name, type }) => ({ name, type: typeName(type) })),
  };
}
