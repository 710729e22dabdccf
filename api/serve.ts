import type { Logger } from 'pino';
import { type Bus, openBus } from '../bus/index.ts';
import { type Keyring, openDatabase } from '../db/index.ts';
import { ownOrigins } from '../guard/own-names.ts';
import { createSenderOf } from '../guard/sender.ts';
import { catalogue } from '../integrations/describe.ts';
import { findConnectionType } from '../integrations/index.ts';
import { createNetwork } from '../integrations/network/network.ts';
import type { OwnServer } from '../integrations/network/own-servers.ts';
import { openRedis } from '../redis/link.ts';
import { HOOK_RATE, MAX_DEPTH, MAX_OPEN_RUNS } from '../settings/environment.ts';
import { createLog } from '../telemetry/log.ts';
import type { Telemetry } from '../telemetry/open.ts';
import { openThrottle } from '../throttle/index.ts';
import { createApp } from './app.ts';
import { startFirings } from './background/firings.ts';
import { startHeld } from './background/held.ts';
import { startHistory } from './background/history.ts';
import { startKeepingAccess } from './background/keep-access.ts';
import { startReconciler } from './background/reconcile.ts';
import { startStatistics } from './background/statistics.ts';
import { startSweep } from './background/sweep.ts';
import { startTriggerSetup } from './background/trigger-setup.ts';
import { createContext, type Deps } from './context.ts';
import type { Endings } from './endings.ts';
import { refuseEarly } from './hooks/rate.ts';
import { listen } from './http/server.ts';
import { prepareWorkspace } from './prepare-workspace.ts';
import { createRounds } from './rounds.ts';
import { setGauges } from './system/gauges.ts';
import { temporalRuns } from './temporal/runs.ts';
import type { TemporalOptions } from './temporal/server.ts';

export interface ApiConfig {
  readonly databaseUrl: string;
  readonly keyring: Keyring;
  /** Default: none; then processes tell each other through Postgres. */
  readonly redisUrl?: string | undefined;
  /** Reaches the other processes, if that is not for this API to open: a worker in this process has the same one. */
  readonly bus?: Bus;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    /** Key of Temporal Cloud; goes with TLS. */
    readonly apiKey?: string;
    readonly tls?: boolean;
    /** A connection shared with a worker of this process: it lets runs start without a detour. */
    readonly shared?: TemporalOptions['shared'];
  };
  /** Default 127.0.0.1: reachable from this machine only. */
  readonly host?: string;
  /** Default 4400; 0 takes a free one. */
  readonly port?: number;
  readonly workspace?: string;
  /** Address under which callers reach it; default: where it listens. */
  readonly publicUrl?: string;
  /** How many runs of the workspace may be open. Default 20,000. */
  readonly maxOpenRuns?: number;
  /** How many runs may be above a run, each started by the one above. Default 20. */
  readonly maxDepth?: number;
  /** How many requests a second the address of a webhook takes. Default 1,000. */
  readonly hookRate?: number;
  /** How many whole months runs are kept after the one in which they started. Default: for ever. */
  readonly keepMonths?: number | undefined;
  /** Addresses and ranges of proxies whose `x-forwarded-for` is believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Address of the Temporal UI. */
  readonly temporalUiUrl?: string;
  /** Hosts that connections may reach although they are private. Default: none. */
  readonly allowHosts?: readonly string[];
  /** Servers of the installation, which connections may not reach. */
  readonly ownServers?: readonly OwnServer[];
  /** Folder of the installation's data on this machine: it says how much room there is. */
  readonly home?: string;
  readonly log?: Logger;
  /** What operators watch. Default: nothing. */
  readonly telemetry?: Telemetry;
  /** Where a worker of this process reports the ends of runs. */
  readonly endings?: Endings;
}

/**
 * Starts the API: the HTTP server and the reconciler. The database must be migrated.
 *
 * @example const api = await startApi({ databaseUrl, keyring, temporal: { address: '127.0.0.1:7233', namespace: 'default' } });
 */
export async function startApi(config: ApiConfig): Promise<{ url: string; close(): Promise<void> }> {
  const { host = '127.0.0.1', workspace = 'default', temporal } = config;
  const log = (config.log ?? createLog()).child({ workspace });
  // One connection listens.
  const database = openDatabase(config.databaseUrl, { max: 21 });
  const { tracing, metrics } = config.telemetry ?? {};
  const runs = temporalRuns({ ...temporal, ...(tracing && { traceparent: tracing.current }) });
  const network = createNetwork({ allow: config.allowHosts ?? [], own: config.ownServers ?? [] });
  const redis = config.redisUrl === undefined ? undefined : await openRedis(config.redisUrl, log);
  const bus = config.bus ?? openBus({ redis, database });
  const throttle = openThrottle({ redis, bus });
  const closeAll = async () => {
    throttle.close();
    if (bus !== config.bus) await bus.close();
    await redis?.close();
    await runs.close();
    await network.close();
    await database.close();
  };
  try {
    await prepareWorkspace({ database, workspace, keyring: config.keyring, log });
    const server = await listen((request, env) => app.fetch(request, env), {
      ...{ host, port: config.port ?? 4400, log },
      door: (request) => refuseEarly(ctx, request),
    });
    const { port } = server;
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    const publicUrl = (config.publicUrl ?? url).replace(/\/+$/, '');
    const deps: Deps = {
      database,
      runs,
      keyring: config.keyring,
      catalogue: catalogue(),
      findConnectionType,
      network,
      workspace,
      publicUrl,
      maxOpenRuns: config.maxOpenRuns ?? MAX_OPEN_RUNS,
      maxDepth: config.maxDepth ?? MAX_DEPTH,
      temporalRunUrl: temporalRunUrl(config.temporalUiUrl, temporal.namespace),
      log,
      rounds: createRounds(),
      ...(config.telemetry && { telemetry: config.telemetry }),
      ...(config.home !== undefined && { home: config.home }),
      ...(config.endings && { endings: config.endings }),
      bus,
      throttle,
      ...(redis && { isRedisUp: redis.isUp }),
      hookRate: config.hookRate ?? HOOK_RATE,
      senderOf: createSenderOf(config.trustedProxies ?? []),
      ownNames: ownOrigins({ port, host, publicUrl }),
    };
    const ctx = createContext(deps);
    const app = createApp(deps, ctx);
    if (metrics) setGauges(ctx, metrics);
    const background = [
      startReconciler(deps),
      startSweep(deps),
      startHistory({ ...deps, keepMonths: config.keepMonths }),
      startTriggerSetup(ctx),
      startFirings(ctx),
      startHeld(ctx),
      startKeepingAccess(ctx),
      startStatistics(deps),
    ];
    const close = async () => {
      await Promise.all(background.map((stopWork) => stopWork()));
      // They would keep the server open.
      ctx.feed.close();
      await server.close();
      ctx.followed.close();
      await ctx.tally.flush();
      await closeAll();
    };
    return { url, close };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

const temporalRunUrl =
  (ui: string | undefined, namespace: string): Deps['temporalRunUrl'] =>
  (workflowId, temporalRunId) =>
    ui === undefined
      ? null
      : `${ui.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}/${temporalRunId}/history`;
