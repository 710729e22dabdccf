import { Client, Connection, type ConnectionLike } from '@temporalio/client';
import { traceStarts } from '../../telemetry/trace-starts.ts';
import { TRACE_HEADER } from '../../workflows/activities.ts';
import { RunsError } from '../runs-port.ts';
import { runsError, untilTaken } from './errors.ts';

/** Where Temporal is, and how long it may take to answer. */
export interface TemporalOptions {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string;
  readonly tls?: boolean;
  /**
   * A connection shared with a worker of this process (a `NativeConnection`): it lets runs start without a detour
   * over the server's queue. `close` leaves it open.
   */
  readonly shared?: ConnectionLike;
  /** The trace to which a run belongs that is being started; undefined: none. */
  readonly traceparent?: () => string | undefined;
  /** Where runs are served; default `TASK_QUEUE`. */
  readonly taskQueue?: string;
  /** Limit of one call in milliseconds; default 5,000. */
  readonly callTimeoutMs?: number;
}

/** How long a query may take if there is something else to show, and how long if only the run can tell. */
export const QUERY_TIMEOUT_MS = 3_000;
/**
 * Longer than a run stays assigned to a worker that has died (5 s), and long enough to ask again: of the queries that
 * arrive during a workflow task, Temporal keeps one, and the client repeats the others after some seconds.
 */
export const PATIENT_QUERY_TIMEOUT_MS = 12_000;
/** An update needs a worker that is free, and a run that moves to another worker first. */
const UPDATE_TIMEOUT_MS = 20_000;

const UNAVAILABLE: ReadonlySet<string> = new Set(['worker.unavailable', 'temporal.unavailable']);

/** A Temporal server as its callers need it: the client, and calls that end in time, with errors of the port. */
export interface TemporalServer {
  readonly options: TemporalOptions;
  readonly connection: ConnectionLike;
  readonly client: Client;
}

/** Connects at the first call and again whenever the server comes back. */
export function temporalServer(options: TemporalOptions): TemporalServer {
  const connection =
    options.shared ??
    Connection.lazy({
      address: options.address,
      connectTimeout: 5_000,
      ...(options.apiKey ? { apiKey: options.apiKey } : {}),
      ...(options.tls ? { tls: true } : {}),
    });
  const { namespace, traceparent } = options;
  const interceptors = traceparent && { workflow: [traceStarts(TRACE_HEADER, traceparent)] };
  return { options, connection, client: new Client({ connection, namespace, ...(interceptors && { interceptors }) }) };
}

/** A call that needs only the server. @throws RunsError */
export function call<T>(server: TemporalServer, fn: () => Promise<T>): Promise<T> {
  return within(server, server.options.callTimeoutMs ?? 5_000, 'temporal.unavailable', fn);
}

/**
 * A call with a limit of its own.
 *
 * @param slow what to say if no answer came in time
 * @throws RunsError
 */
export async function within<T>(
  server: TemporalServer,
  ms: number,
  slow: RunsError['code'],
  fn: () => Promise<T>,
): Promise<T> {
  try {
    return await server.connection.withDeadline(Date.now() + ms, fn);
  } catch (error) {
    const known = runsError(error, slow);
    // A call that needs a worker fails in the same way without a worker and without a server: ask which is missing.
    if (slow === 'worker.unavailable' && known instanceof RunsError && UNAVAILABLE.has(known.code)) {
      const code = (await isAlive(server)) ? 'worker.unavailable' : 'temporal.unavailable';
      throw new RunsError(code, known.message, { cause: error });
    }
    throw known;
  }
}

/** Sends an update to a run and waits until it is done. @throws RunsError */
export async function update(
  server: TemporalServer,
  workflowId: string,
  { name, args, updateId }: { name: string; args: [] | [unknown]; updateId?: string | undefined },
): Promise<void> {
  const handle = server.client.workflow.getHandle(workflowId);
  const options = { args: args as [unknown], ...(updateId && { updateId }) };
  try {
    await within(server, UPDATE_TIMEOUT_MS, 'worker.unavailable', () =>
      untilTaken(() => handle.executeUpdate<void, [unknown]>(name, options)),
    );
  } catch (error) {
    // A run that is known here but takes no updates has closed.
    if (error instanceof RunsError && error.code === 'run.notFound')
      throw new RunsError('run.ended', error.message, { cause: error });
    throw error;
  }
}

function isAlive({ connection, client }: TemporalServer): Promise<boolean> {
  return connection
    .withDeadline(Date.now() + 1_000, () => client.workflowService.getSystemInfo({}))
    .then(() => true)
    .catch(() => false);
}
