import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { ownServersOf } from '../integrations/network/installation.ts';
import {
  type Environment,
  listOf,
  NETWORK,
  readEnvironment as read,
  SERVER,
  temporalOf,
} from '../settings/environment.ts';
import { SERVED } from './queues.ts';
import type { WorkerOptions } from './run.ts';

const environment = z.object({
  ...SERVER,
  BLOK_PUBLIC_URL: SERVER.BLOK_PUBLIC_URL.unwrap().default('http://127.0.0.1:4400'),
  ...NETWORK,
  BLOK_WATCH_FOLDERS: listOf().refine(
    (folders) => folders.every((folder) => isAbsolute(folder)),
    'must be an absolute path, or several of them separated by commas',
  ),
  BLOK_AI_PRICES: z.string().default(''),
  BLOK_QUEUES: listOf()
    .transform((names) => (names.length === 0 ? [...SERVED] : names))
    .pipe(z.array(z.enum(SERVED, 'must be main, code or wallet, or several of them separated by commas'))),
  BLOK_CODE_SANDBOX: z
    .enum(['auto', 'bwrap', 'namespaces', 'process'], 'must be auto, bwrap, namespaces or process')
    .default('auto'),
});

/** What a worker's process reads from its environment. */
export type WorkerEnvironment = z.output<typeof environment>;

/** Reads the environment. @throws Error naming each variable that is missing or wrong, never its value */
export const readEnvironment = (env: Environment): WorkerEnvironment => read(environment, env);

/** The settings of a worker that come from the environment. */
export const optionsOf = (env: WorkerEnvironment) =>
  ({
    namespace: env.TEMPORAL_NAMESPACE,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    publicUrl: env.BLOK_PUBLIC_URL,
    allowHosts: env.BLOK_ALLOW_HOSTS,
    ownServers: ownServersOf(env),
    maxDepth: env.BLOK_MAX_DEPTH,
    maxOpenRuns: env.BLOK_MAX_OPEN_RUNS,
    codeSandbox: env.BLOK_CODE_SANDBOX,
    watchFolders: env.BLOK_WATCH_FOLDERS,
    serves: env.BLOK_QUEUES,
    ownNodes: env.BLOK_NODES,
    pricesFile: env.BLOK_AI_PRICES || undefined,
    cacheFolder: join(env.BLOK_HOME, 'cache'),
    quarantine: { temporal: temporalOf(env) },
    marksFolder: join(env.BLOK_HOME, 'run', 'threads'),
  }) satisfies Partial<WorkerOptions>;
