import type { Socket } from 'node:net';
import createClient, { type Sql } from 'postgres';
import { UNITS_OF_JSON } from '../../graph/limits.ts';
import { requireHost } from '../connection-hosts.ts';
import type { Network, OpenConnection } from '../context.ts';
import type { ConnectionTestContext, ConnectionTestResult } from '../define-connection.ts';
import { NodeError } from '../error.ts';
import { dial } from './dial.ts';
import { steady } from './steady.ts';
import { type PostgresFields, targetOf } from './target.ts';
import { codecsWithin } from './types.ts';

/** `Terminate` (PostgreSQL protocol, 54.7). */
const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);

/** How the server identifies a connection, and the key to cancel its work. */
export interface Backend {
  readonly pid: number;
  readonly secret: number;
}

/** A client with one connection, and the number of bytes it has received. */
export interface Session {
  readonly sql: Sql;
  readonly host: string;
  received(): number;
  /** Rejects when the connection has broken. */
  readonly broken: Promise<never>;
  /** Drops the connection. */
  sever(): void;
  /** Sends the terminate message and closes. The driver's own `end` waits for events that it is not told about. */
  close(): void;
  /** Asks the server to stop what the backend is doing; never rejects. */
  cancel(backend: Backend): Promise<void>;
}

/**
 * A client for the database of a connection. It connects when first used. Every value that the driver could read from
 * the environment (`PGUSER`, `PGPASSWORD` …) is set, so that no credential of the operator can slip in.
 *
 * @throws NodeError `connection.invalid`, `connection.host`, `network.forbidden`, `network.dns`
 */
export async function openSession(
  network: Network,
  connection: OpenConnection,
  data: PostgresFields,
): Promise<Session> {
  const target = targetOf(data);
  if (target === null) {
    throw new NodeError(
      'connection.invalid',
      `The connection "${connection.name}" has a url that cannot be read, or lacks host or user.`,
    );
  }
  requireHost(connection, [target.host], target.host, target.port);
  const { address } = await network.resolve(target.host, target.port);
  const sockets: Socket[] = [];
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>();
  broken.catch(() => {});
  const options = {
    host: target.host,
    port: target.port,
    database: target.database,
    user: target.user,
    pass: () => target.password,
    // The driver's types lack this option: a function that makes the socket.
    socket: async () => {
      const socket = steady(await dial(connection.name, target, address), breakOff);
      sockets.push(socket);
      return socket;
    },
    ssl: false,
    sslnegotiation: null,
    target_session_attrs: undefined,
    max: 1,
    connect_timeout: 10,
    idle_timeout: null,
    max_lifetime: null,
    backoff: false,
    prepare: false,
    fetch_types: false,
    debug: false,
    connection: { application_name: 'blok' },
    onnotice: () => {},
    types: codecsWithin({ units: UNITS_OF_JSON }),
  };
  return {
    sql: createClient(options as unknown as Parameters<typeof createClient>[0]) as Sql,
    host: `${target.host}:${target.port}`,
    broken,
    received: () => sockets.reduce((sum, socket) => sum + socket.bytesRead, 0),
    sever: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) {
        if (!socket.destroyed) socket.end(TERMINATE);
        setTimeout(() => socket.destroy(), 1_000).unref();
      }
    },
    // If the server is gone, the driver's own cancel leaves a rejected promise that nobody handles: the process ends.
    cancel: async ({ pid, secret }) => {
      const message = Buffer.alloc(16);
      message.writeUInt32BE(16, 0);
      message.writeUInt32BE(80_877_102, 4);
      message.writeUInt32BE(pid, 8);
      message.writeUInt32BE(secret, 12);
      await dial(connection.name, target, address).then(
        (socket) => void socket.on('error', () => {}).end(message),
        () => {},
      );
    },
  };
}

/** Connects and logs in, without running a query. */
export async function tryTarget(
  ctx: ConnectionTestContext,
  connection: OpenConnection,
  data: PostgresFields,
): Promise<ConnectionTestResult> {
  try {
    const session = await openSession(ctx.network, connection, data);
    try {
      await session.sql`select 1`;
      return { ok: true };
    } finally {
      session.close();
    }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
