/** Configuration of a Temporal server on Postgres, all its services in one process. JSON is YAML too. */
import { DYNAMIC_CONFIG } from '../../../embedded/temporal/dynamic-config.ts';

/** Database that holds histories. */
export const STORE_DATABASE = 'temporal';

/** Database that holds the search index. */
export const VISIBILITY_DATABASE = 'temporal_visibility';

/** A service's port for calls, and its port for finding the others. */
export interface ServicePorts {
  readonly grpc: number;
  readonly membership: number;
}

/** Ports of the four services. */
export type ServerPorts = Readonly<Record<'frontend' | 'history' | 'matching' | 'worker', ServicePorts>>;

/** History shards: their number is fixed for the life of the databases. */
const SHARDS = 4;

/** The server's configuration file. */
export function serverConfig(postgresUrl: string, ports: ServerPorts, dynamicConfigFile: string): string {
  const { hostname, port, username, password } = new URL(postgresUrl);
  const store = (databaseName: string, connections: number) => ({
    sql: {
      // 10-15 % faster than `postgres12` on every shape that was measured.
      pluginName: 'postgres12_pgx',
      databaseName,
      connectAddr: `${hostname}:${port || 5432}`,
      connectProtocol: 'tcp',
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      maxConns: connections,
      maxIdleConns: connections,
      maxConnLifetime: '1h',
    },
  });
  const service = ({ grpc, membership }: ServicePorts) => ({
    rpc: { grpcPort: grpc, membershipPort: membership, bindOnLocalHost: true },
  });
  return JSON.stringify({
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'store',
      visibilityStore: 'visibility',
      numHistoryShards: SHARDS,
      datastores: { store: store(STORE_DATABASE, 20), visibility: store(VISIBILITY_DATABASE, 5) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(Object.entries(ports).map(([name, its]) => [name, service(its)])),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${ports.frontend.grpc}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfigFile, pollInterval: '10s' },
  });
}

/** The server's dynamic configuration file. */
export function dynamicConfig(): string {
  return JSON.stringify(Object.fromEntries(Object.entries(DYNAMIC_CONFIG).map(([key, value]) => [key, [{ value }]])));
}
