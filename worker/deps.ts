import type { Client } from '@temporalio/client';
import type { ActivityDeps, ActivityLog } from '../activities/base/deps.ts';
import { createMemory } from '../activities/base/memory.ts';
import { createRunEnds } from '../activities/base/run-ends.ts';
import { createListeners } from '../activities/listening/listeners.ts';
import { type Bus, hearFollowed, openBus } from '../bus/index.ts';
import { createCredentials } from '../credentials/index.ts';
import { createSigner, type Keyring, openDatabase } from '../db/index.ts';
import { createPriceList, readPrices } from '../integrations/ai/prices/price-list.ts';
import type { NodeOptions } from '../integrations/context.ts';
import { findConnectionType } from '../integrations/index.ts';
import { createNetwork } from '../integrations/network/network.ts';
import type { OwnServer } from '../integrations/network/own-servers.ts';
import { openPace } from '../pace/index.ts';
import { openRedis } from '../redis/link.ts';
import { MAX_DEPTH, MAX_OPEN_RUNS } from '../settings/environment.ts';
import type { Telemetry } from '../telemetry/open.ts';
import { createAllTurns, RECEIVED_BYTES } from './queues.ts';

/** What activities are made from. */
export interface DepsSettings {
  readonly namespace: string;
  readonly databaseUrl: string;
  /** Default: none; then processes tell each other through Postgres. */
  readonly redisUrl?: string | undefined;
  readonly keyring: Keyring;
  readonly publicUrl: string;
  /** Hosts, `host:port`, addresses or CIDR ranges that nodes may reach although they are private. */
  readonly allowHosts: readonly string[];
  /** Servers of the installation, which nodes may not reach unless `allowHosts` lists exactly their address. */
  readonly ownServers?: readonly OwnServer[];
  /** Sandbox around scripts of `code.javascript`. Default: the strongest that works here. */
  readonly codeSandbox?: NodeOptions['codeSandbox'];
  /** Folders of this machine that triggers may watch. Default: none. */
  readonly watchFolders?: readonly string[];
  /** Folder of the operator's own nodes, for processes that the worker starts. Default: none. */
  readonly ownNodes?: string | undefined;
  /** Where files are kept that can be made again, such as bundles of the workflow code and of parsers. */
  readonly cacheFolder?: string | undefined;
  /** A file of the operator's own prices of models. Default: none. */
  readonly pricesFile?: string | undefined;
  /** What operators watch. Default: nothing. */
  readonly telemetry?: Telemetry;
  /** Most runs that may be above a run, each started by the one above it. Default 20. */
  readonly maxDepth?: number;
  /** How many runs of a workspace may be open when a run starts another. Default 20,000. */
  readonly maxOpenRuns?: number;
}

/** Opens what activities work with. A bus that is given belongs to somebody else, and is not closed. */
export async function openDeps(
  settings: DepsSettings,
  { temporal, log, bus }: { temporal: Client; log: ActivityLog; bus?: Bus | undefined },
): Promise<{ readonly deps: ActivityDeps; readonly close: () => Promise<void> }> {
  // Read first, because a wrong file must leave nothing open.
  const ownPrices = settings.pricesFile === undefined ? [] : await readPrices(settings.pricesFile);
  const redis = settings.redisUrl === undefined ? undefined : await openRedis(settings.redisUrl, log);
  // One connection may listen.
  const database = openDatabase(settings.databaseUrl, { max: 11 });
  const told = bus ?? openBus({ redis, database });
  const followed = hearFollowed(told);
  const network = createNetwork({ allow: settings.allowHosts, own: settings.ownServers ?? [] });
  const deps: ActivityDeps = {
    database,
    bus: told,
    followed,
    keyring: settings.keyring,
    signer: createSigner(settings.keyring),
    network,
    credentials: createCredentials({
      database,
      keyring: settings.keyring,
      network,
      findType: findConnectionType,
      now: Date.now,
    }),
    temporal,
    publicUrl: settings.publicUrl,
    maxDepth: settings.maxDepth ?? MAX_DEPTH,
    maxOpenRuns: settings.maxOpenRuns ?? MAX_OPEN_RUNS,
    memory: createMemory(RECEIVED_BYTES),
    runEnds: createRunEnds(),
    turns: createAllTurns(),
    pace: openPace({ redis, database }),
    prices: createPriceList(ownPrices),
    nodeOptions: {
      codeSandbox: settings.codeSandbox ?? 'auto',
      watchFolders: settings.watchFolders ?? [],
      cacheFolder: settings.cacheFolder,
    },
    listeners: createListeners(),
    ...(settings.telemetry && { telemetry: settings.telemetry }),
    log,
  };
  return {
    deps,
    close: async () => {
      followed.close();
      deps.listeners.close();
      if (told !== bus) await told.close();
      await redis?.close();
      await Promise.all([database.close(), network.close()]);
    },
  };
}
