import type { Json } from '../../graph/json.ts';
import { MOST_OF_JSON } from '../../graph/limits.ts';
import { NodeError } from '../error.ts';
import { TooManyValues } from './types.ts';

/**
 * SQLSTATEs after which the same statement may well succeed: another transaction interfered, or the server is starting,
 * stopping or out of resources (PostgreSQL, appendix A).
 */
const TEMPORARY = new Set(['40001', '40P01', '55P03', '57P01', '57P02', '57P03', '53300', '53200', '53100']);

interface ServerError {
  readonly code: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Fields of the server's error that help an author. They do not include the statement or its parameters. */
const SHOWN = ['detail', 'hint', 'position', 'schema_name', 'table_name', 'column_name', 'constraint_name'] as const;

/** How far a statement had got when it failed. */
export interface Progress {
  /** Something that may have taken effect was sent, and has not been answered yet. */
  uncertain: boolean;
  /** More than the byte limit arrived. */
  tooLarge: boolean;
}

/** A failure of the driver or the server, classified. */
export function postgresError(error: unknown, host: string, progress: Progress, maxBytes: number): NodeError {
  if (error instanceof NodeError) return error;
  if (progress.tooLarge || error instanceof TooManyValues) {
    const most = progress.tooLarge ? `is larger than ${maxBytes} bytes` : `holds more values than ${MOST_OF_JSON}`;
    return new NodeError('postgres.tooLarge', `The result ${most}. Select less, or page through it with LIMIT.`, {
      unknown: progress.uncertain,
    });
  }
  if (isServerError(error)) {
    const details: Record<string, Json> = {};
    for (const name of SHOWN) if (typeof error[name] === 'string') details[name] = error[name];
    return new NodeError(`postgres.${error.code}`, `PostgreSQL refuses: ${error.message} (SQLSTATE ${error.code}).`, {
      // 08P01 is a fault of the statement: it does not take this number of parameters.
      retryable: TEMPORARY.has(error.code) || (error.code.startsWith('08') && error.code !== '08P01'),
      details,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  if (progress.uncertain) {
    return new NodeError(
      'postgres.unanswered',
      `The connection to ${host} broke before the server confirmed the change (${message}): it may have been made.`,
      { unknown: true, cause: error },
    );
  }
  return new NodeError('postgres.network', `The connection to ${host} failed (${message}). Nothing was changed.`, {
    retryable: true,
    cause: error,
  });
}

const isServerError = (error: unknown): error is ServerError =>
  error instanceof Error &&
  error.name === 'PostgresError' &&
  /^[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code));
