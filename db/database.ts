import { DrizzleQueryError } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool, type PoolClient } from 'pg';
import { DataError } from './error.ts';

/** A pool of connections. It gives no access to rows; `withWorkspace` does. */
export interface Database {
  /** Resolves when Postgres answers. */
  ping(): Promise<void>;
  /** Ends all connections. Waits up to five seconds for connections in use. */
  close(): Promise<void>;
}

/** A transaction that sees one workspace. It is the first parameter of all queries. */
export interface Tenant {
  readonly workspace: string;
  readonly db: NodePgDatabase & { readonly $client: PoolClient };
}

/** Does work in a transaction of its own, for what takes many of them, because none may last long. */
export type Within = <T>(work: (tx: Tenant) => Promise<T>) => Promise<T>;

export interface DatabaseOptions {
  /** Most connections; default 10. */
  readonly max?: number;
  /** Time limit of one statement in milliseconds; default 30,000. */
  readonly statementTimeoutMs?: number;
}

/** How one transaction differs from others. */
export interface WorkOptions {
  /** The commit does not wait for the disk. */
  readonly rebuildable?: boolean;
  /** Time limit of one statement in milliseconds, shorter than that of the pool. */
  readonly statementMs?: number;
}

/** The pools are kept here, out of reach, so that nothing but `withWorkspace` can query them. */
const pools = new WeakMap<Database, Pool>();

/** Opens a pool. Connections are made on demand, so an unreachable server shows only at the first query. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const statementMs = options.statementTimeoutMs ?? 30_000;
  const pool = new Pool({
    connectionString: url,
    max: options.max ?? 10,
    connectionTimeoutMillis: 10_000,
    // Opening one again costs both sides several milliseconds of computing, just when there is much to do.
    idleTimeoutMillis: 5 * 60_000,
    // Stale connections after a fail-over are dropped within this time.
    maxLifetimeSeconds: 30 * 60,
    application_name: 'blok',
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: 60_000,
    // A server that vanished without closing the connection does not even report a statement timeout.
    query_timeout: statementMs + 5_000,
    keepAlive: true,
    options: '-c TimeZone=UTC',
  });
  // Whoever waits for an answer is told about a broken connection, too. Here it only must not end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const database: Database = {
    ping: async () => {
      await pool.query('select 1');
    },
    close: () => pool.end(),
  };
  pools.set(database, pool);
  return database;
}

/** The pool behind a handle. For `db/` only: rows are reached by `withWorkspace`. */
export function poolOf(database: Database): Pool {
  const pool = pools.get(database);
  if (!pool) throw new Error('This needs a handle from openDatabase');
  return pool;
}

/**
 * Runs `fn` in one transaction that reads and writes rows of `workspace` only. The role and the workspace are set for
 * this transaction alone, in its first statement; row-level security does the rest. Returns what `fn` returns;
 * rolls back if it throws.
 *
 * `rebuildable`: the commit does not wait for the disk (a crash of Postgres may lose it, up to 0.6 s back). For
 * writes that the reconciler can make again, such as a run's record.
 *
 * @example await withWorkspace(database, 'default', (tx) => getKv(tx, { workflow: 'w', key: 'last' }));
 * @throws DataError `workspace.invalid`; whatever `fn` throws; Postgres errors without the query's text.
 */
export async function withWorkspace<T>(
  database: Database,
  workspace: string,
  fn: (tx: Tenant) => Promise<T>,
  options: WorkOptions = {},
): Promise<T> {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(workspace)) {
    throw new DataError(
      'workspace.invalid',
      `"${workspace}" is not a workspace: expected a-z, 0-9 and "-", at most 63`,
    );
  }
  const pool = poolOf(database);
  const client = await pool.connect().catch((error) => {
    throw named(error);
  });
  let broken = false;
  try {
    await client.query(opening(workspace, options));
    const result = await fn({ workspace, db: drizzle(client) });
    await client.query('commit');
    return result;
  } catch (error) {
    broken = await client.query('rollback').then(
      () => false,
      () => true,
    );
    // Drizzle's message holds the statement and all its parameters, and so users' data: keep only what Postgres said.
    throw named(error instanceof DrizzleQueryError && error.cause ? error.cause : error);
  } finally {
    release(client, broken);
  }
}

/**
 * Begins the transaction and binds it to the workspace, in one round trip. If the migrating user could not create the
 * role, FORCE ROW LEVEL SECURITY binds the user itself.
 *
 * @param workspace checked before, because it is part of the text: several statements at once take no parameters
 */
const opening = (workspace: string, { rebuildable, statementMs }: WorkOptions): string =>
  `begin; select set_config('app.workspace', '${workspace}', true),
    set_config('role', case when to_regrole('blok_app') is null then 'none' else 'blok_app' end, true)${
      rebuildable ? ", set_config('synchronous_commit', 'off', true)" : ''
    }${statementMs === undefined ? '' : `, set_config('statement_timeout', '${statementMs}', true)`}`;

/** A connection that would not even roll back is not used again. */
const release = (client: PoolClient, broken: boolean): void => client.release(broken);

/** What the driver says, without a code, about a server that vanished or never answered. */
const LOST = /^(Connection terminated|Client has encountered a connection error|timeout exceeded|Query read timeout)/;

/** Gives these errors a code, because the errors of the system and of Postgres have one. */
function named(error: unknown): unknown {
  if (error instanceof Error && !('code' in error) && LOST.test(error.message))
    Object.assign(error, { code: 'CONNECTION_CLOSED' });
  return error;
}
