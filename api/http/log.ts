import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

/**
 * The API's log: one JSON object per line. Holds no bodies, query strings, headers or tokens: a line names the route's
 * pattern, never the requested address, and only the name, code, message and place of an error.
 */
export function createLog(options: { level?: string; destination?: DestinationStream } = {}): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: 'blok-api' },
      timestamp: stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => errorFields(error) },
      redact: { paths: SECRET_PATHS, censor: '[redacted]' },
    },
    options.destination ?? pino.destination(1),
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
