import type { Client } from '@temporalio/client';
import type { ActivityDeps, ActivityLog } from '../activities/base/deps.ts';
import { createMemory } from '../activities/base/memory.ts';
import { createSigner, type Keyring, openDatabase } from '../db/index.ts';
import type { NodeOptions } from '../integrations/context.ts';
import { createNetwork } from '../integrations/network/network.ts';
import type { OwnServer } from '../integrations/network/own-servers.ts';
import { MAX_DEPTH, MAX_OPEN_RUNS } from '../settings/environment.ts';
import { createAllTurns, RECEIVED_BYTES } from './queues.ts';

/** What activities are made from. */
export interface DepsSettings {
  readonly namespace: string;
  readonly databaseUrl: string;
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
  /** Most runs that may be above a run, each started by the one above it. Default 20. */
  readonly maxDepth?: number;
  /** How many runs of a workspace may be open when a run starts another. Default 20,000. */
  readonly maxOpenRuns?: number;
}

/** Opens what activities work with. */
export function openDeps(
  settings: DepsSettings,
  { temporal, log }: { temporal: Client; log: ActivityLog },
): { readonly deps: ActivityDeps; readonly close: () => Promise<void> } {
  const database = openDatabase(settings.databaseUrl);
  const network = createNetwork({ allow: settings.allowHosts, own: settings.ownServers ?? [] });
  const deps: ActivityDeps = {
    database,
    keyring: settings.keyring,
    signer: createSigner(settings.keyring),
    network,
    temporal,
    publicUrl: settings.publicUrl,
    maxDepth: settings.maxDepth ?? MAX_DEPTH,
    maxOpenRuns: settings.maxOpenRuns ?? MAX_OPEN_RUNS,
    memory: createMemory(RECEIVED_BYTES),
    turns: createAllTurns(),
    nodeOptions: { codeSandbox: settings.codeSandbox ?? 'auto', watchFolders: settings.watchFolders ?? [] },
    log,
  };
  return {
    deps,
    close: async () => {
      await Promise.all([database.close(), network.close()]);
    },
  };
}
