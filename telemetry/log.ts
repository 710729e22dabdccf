import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Tracing } from './tracing.ts';

/** How a log is made. */
export interface LogOptions {
  /** What lines call the process: `blok-api`. */
  readonly service?: string;
  readonly level?: string;
  /** Puts the ids of the current span into each line; absent: there are no traces. */
  readonly tracing?: Pick<Tracing, 'ids'> | undefined;
  readonly destination?: DestinationStream;
}

/**
 * The log of a process: one JSON object per line. Holds no bodies, query strings, headers or tokens: a line names the route's
 * pattern, never the requested address, and only the name, code, message and place of an error.
 */
export function createLog({ service = 'blok', level = 'info', tracing, destination }: LogOptions = {}): Logger {
  return pino(
    {
      level,
      base: { service },
      ...(tracing && { mixin: () => tracing.ids() ?? {} }),
      timestamp: stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => errorFields(error) },
      redact: { paths: SECRET_PATHS, censor: '[redacted]' },
    },
    destination ?? pino.destination(1),
  );
}

/** A safety net: fields with these names never appear, neither at the top nor one level below. */
const SECRET_PATHS = [
  'authorization',
  'cookie',
  'password',
  'token',
  'secret',
  'apiKey',
  'data',
  'body',
  'input',
  'output',
  'vars',
].flatMap((name) => [name, `*.${name}`]);

function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { message: 'not an Error' };
  const { name, code, cause } = error as Error & { code?: unknown };
  return {
    name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: error.message.slice(0, 500),
    stack: error.stack
      ?.split('\n')
      .filter((line) => line.startsWith('    at '))
      .slice(0, 8)
      .join('\n'),
    ...(cause instanceof Error ? { cause: errorFields(cause) } : {}),
  };
}
