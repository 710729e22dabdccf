import { z } from 'zod';
import { type Environment, readEnvironment as read, SERVER, temporalOf } from '../settings/environment.ts';
import type { ApiConfig } from './serve.ts';

const environment = z.object({
  ...SERVER,
  HOST: z.string().default('127.0.0.1'),
  BLOK_WORKSPACE: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a-z, 0-9 and "-", at most 63')
    .default('default'),
});

/** What the API's process reads from its environment. */
export type ApiEnvironment = z.output<typeof environment>;

/** Reads the environment. @throws Error naming each variable that is missing or wrong, never its value */
export const readEnvironment = (env: Environment): ApiEnvironment => read(environment, env);

/** The settings of the API that come from the environment. */
export const configOf = (env: ApiEnvironment) =>
  ({
    databaseUrl: env.DATABASE_URL,
    temporal: temporalOf(env),
    host: env.HOST,
    port: env.PORT,
    workspace: env.BLOK_WORKSPACE,
    publicUrl: env.BLOK_PUBLIC_URL,
    maxOpenRuns: env.BLOK_MAX_OPEN_RUNS,
    maxDepth: env.BLOK_MAX_DEPTH,
    temporalUiUrl: env.TEMPORAL_UI_URL,
  }) satisfies Partial<ApiConfig>;
