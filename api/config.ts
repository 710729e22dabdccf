import { z } from 'zod';

/** What the API's process reads from its environment. Names are public: README and docker-compose use them. */
const environment = z.object({
  DATABASE_URL: z
    .string({ error: 'is missing. Example: postgres://blok:secret@127.0.0.1:5432/blok' })
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'),
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_TLS: z.enum(['true', 'false'], 'must be true or false').default('false'),
  TEMPORAL_UI_URL: z.url('must be an address like http://127.0.0.1:8233').optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number('must be a port number').int().min(0).max(65535).default(4400),
  BLOK_WORKSPACE: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a-z, 0-9 and "-", at most 63')
    .default('default'),
  BLOK_SECRET_KEY: z.string().optional(),
  BLOK_HOME: z.string().default('.blok'),
  BLOK_PUBLIC_URL: z.url('must be an address like https://blok.example').optional(),
  BLOK_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** The environment, read. */
export type ApiEnvironment = z.output<typeof environment>;

/** Reads the environment. @throws Error naming each variable that is missing or wrong, never its value */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): ApiEnvironment {
  // An empty variable counts as not set, as compose files write them.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environment.safeParse(given);
  if (result.success) return result.data;
  throw new Error(result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n'));
}
