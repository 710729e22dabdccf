import { z } from 'zod';
import { parseRange } from '../guard/sender.ts';
import { ownServersOf } from '../integrations/network/installation.ts';
import {
  atMost,
  type Environment,
  HOOK_RATE,
  listOf,
  NETWORK,
  readEnvironment as read,
  SERVER,
  temporalOf,
} from '../settings/environment.ts';
import type { ApiConfig } from './serve.ts';

const environment = z.object({
  ...SERVER,
  ...NETWORK,
  HOST: z.string().default('127.0.0.1'),
  BLOK_WORKSPACE: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a-z, 0-9 and "-", at most 63')
    .default('default'),
  BLOK_HOOK_RATE: atMost(100_000).default(HOOK_RATE),
  BLOK_KEEP_MONTHS: atMost(1_200).optional(),
  BLOK_TRUSTED_PROXIES: listOf().refine(
    (ranges) => ranges.every((range) => parseRange(range) !== null),
    'must be addresses or ranges, such as 127.0.0.1,10.0.0.0/8',
  ),
});

/** What the API's process reads from its environment. */
export type ApiEnvironment = z.output<typeof environment>;

/** Reads the environment. @throws Error naming each variable that is missing or wrong, never its value */
export const readEnvironment = (env: Environment): ApiEnvironment => read(environment, env);

/** The settings of the API that come from the environment. */
export const configOf = (env: ApiEnvironment) =>
  ({
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    temporal: temporalOf(env),
    host: env.HOST,
    port: env.PORT,
    workspace: env.BLOK_WORKSPACE,
    publicUrl: env.BLOK_PUBLIC_URL,
    maxOpenRuns: env.BLOK_MAX_OPEN_RUNS,
    maxDepth: env.BLOK_MAX_DEPTH,
    hookRate: env.BLOK_HOOK_RATE,
    keepMonths: env.BLOK_KEEP_MONTHS,
    trustedProxies: env.BLOK_TRUSTED_PROXIES,
    temporalUiUrl: env.TEMPORAL_UI_URL,
    home: env.BLOK_HOME,
    allowHosts: env.BLOK_ALLOW_HOSTS,
    ownServers: ownServersOf({ ...env, BLOK_PUBLIC_URL: env.BLOK_PUBLIC_URL ?? `http://127.0.0.1:${env.PORT}` }),
  }) satisfies Partial<ApiConfig>;
