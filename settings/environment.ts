import { z } from 'zod';

/** Environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How many runs of a workspace may be open, unless the operator says otherwise. */
export const MAX_OPEN_RUNS = 20_000;

/** How many requests a second the address of a webhook takes, unless the operator says otherwise. */
export const HOOK_RATE = 1_000;

/** How deep runs may be nested, unless the operator says otherwise. */
export const MAX_DEPTH = 20;

/** A whole number from 1 to a limit. */
export const atMost = (most: number) => {
  const range = `must be a whole number from 1 to ${most}`;
  return z.coerce.number(range).int(range).min(1, range).max(most, range);
};

/** A port; 0 takes a free one. */
const port = () =>
  z.coerce
    .number('must be a port number')
    .int('must be a port number')
    .min(0, 'must be a port, from 0 to 65535')
    .max(65535, 'must be a port, from 0 to 65535');

/** Texts separated by commas; none if it is not set. */
export const listOf = () =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((host) => host.trim())
        .filter(Boolean),
    );

/** Where Temporal is. */
const TEMPORAL = {
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_TLS: z.enum(['true', 'false'], 'must be true or false').default('false'),
} as const;

/** What processes read that reach out to services. */
export const NETWORK = {
  BLOK_ALLOW_HOSTS: listOf(),
  BLOK_OWN_HOSTS: listOf().refine(
    (hosts) => hosts.every((host) => /^(\[[^\]]+\]|[^:]+):\d{1,5}$/.test(host)),
    'must be host:port, or several of them separated by commas',
  ),
} as const;

function isRedisUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== '';
}

/** What every process that serves Blok reads. Names are public: README and docker-compose use them. */
export const SERVER = {
  DATABASE_URL: z
    .string({ error: 'is missing. Example: postgres://blok:secret@127.0.0.1:5432/blok' })
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'),
  ...TEMPORAL,
  REDIS_URL: z.string().refine(isRedisUrl, 'must look like redis://:password@127.0.0.1:6379 or rediss://…').optional(),
  BLOK_SECRET_KEY: z.string().optional(),
  BLOK_HOME: z.string().default('.blok'),
  BLOK_NODES: z.string().optional(),
  BLOK_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an address like https://blok.example' }).optional(),
  BLOK_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'must be trace, debug, info, warn, error or silent')
    .default('info'),
  TEMPORAL_UI_URL: z.url({ protocol: /^https?$/, error: 'must be an address like http://127.0.0.1:8233' }).optional(),
  PORT: port().default(4400),
  BLOK_METRICS_PORT: port().optional(),
  BLOK_METRICS_HOST: z.string().default('127.0.0.1'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an address like http://127.0.0.1:4318' })
    .optional(),
  BLOK_MAX_OPEN_RUNS: atMost(1_000_000).default(MAX_OPEN_RUNS),
  BLOK_MAX_DEPTH: atMost(1_000).default(MAX_DEPTH),
} as const;

/** What operators watch of a process, as they have chosen. `service`: what traces call it. */
export const telemetryOf = (
  env: Pick<
    z.output<z.ZodObject<typeof SERVER>>,
    'BLOK_METRICS_PORT' | 'BLOK_METRICS_HOST' | 'OTEL_EXPORTER_OTLP_ENDPOINT'
  >,
  service: string,
) => ({
  metricsPort: env.BLOK_METRICS_PORT,
  metricsHost: env.BLOK_METRICS_HOST,
  otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  service,
});

/**
 * Reads variables.
 * @throws Error naming each variable that is missing or wrong, a line each, never its value
 */
export function readEnvironment<Schema extends z.ZodObject>(schema: Schema, env: Environment): z.output<Schema> {
  // An empty variable counts as not set, because compose files write unset variables like this.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new Error(result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n'));
}

/** How to connect to Temporal. */
export interface TemporalSettings {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey: string | undefined;
  readonly tls: boolean;
}

/** Where Temporal is and how to connect to it; Temporal Cloud's key requires TLS. */
export function temporalOf(env: z.output<z.ZodObject<typeof TEMPORAL>>): TemporalSettings {
  return {
    address: env.TEMPORAL_ADDRESS,
    namespace: env.TEMPORAL_NAMESPACE,
    apiKey: env.TEMPORAL_API_KEY,
    tls: env.TEMPORAL_TLS === 'true' || env.TEMPORAL_API_KEY !== undefined,
  };
}

/** The same for a process that reads nothing else. @throws Error naming each variable that is wrong */
export const readTemporal = (env: Environment): TemporalSettings =>
  temporalOf(readEnvironment(z.object(TEMPORAL), env));

/**
 * Runs a process's main function. What the process writes is for its own user only, and no signal opens a debugger, which
 * would give the process to whoever may send signals. If it cannot start, it says why and
 * exits: 2 for a wrong environment, else 1.
 */
export async function runMain<Env>(who: string, read: (env: Environment) => Env, main: (env: Env) => Promise<void>) {
  const cannotStart = (code: number) => (error: Error) => {
    console.error(`${who} cannot start:\n${error.message}`);
    process.exit(code);
  };
  process.umask(0o077);
  process.on('SIGUSR1', () => {});
  let env: Env;
  try {
    env = read(process.env);
  } catch (error) {
    return cannotStart(2)(error as Error);
  }
  await main(env).catch(cannotStart(1));
}
