import { splitHostPort } from './allow.ts';
import type { OwnServer } from './own-servers.ts';

/** The settings that say where the servers of the installation are. */
export interface Whereabouts {
  readonly DATABASE_URL: string;
  readonly REDIS_URL?: string | undefined;
  readonly TEMPORAL_ADDRESS: string;
  readonly TEMPORAL_UI_URL?: string | undefined;
  readonly BLOK_PUBLIC_URL: string;
  readonly PORT: number;
  readonly BLOK_METRICS_PORT?: number | undefined;
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  /** `host:port` of servers that no other setting names. */
  readonly BLOK_OWN_HOSTS: readonly string[];
}

/** Port of Temporal's HTTP API beside its gRPC port, unless the server's own configuration says otherwise. */
const TEMPORAL_HTTP_PORT = 7243;

/** The servers of the installation, which nodes must not reach. */
export function ownServersOf(env: Whereabouts): OwnServer[] {
  const temporal = splitHostPort(env.TEMPORAL_ADDRESS.replace(/^\w+:\/+/, ''));
  return [
    { ...databaseAt(env.DATABASE_URL), what: 'the database (DATABASE_URL)' },
    ...(env.REDIS_URL ? [{ ...urlAt(env.REDIS_URL), what: 'Redis (REDIS_URL)' }] : []),
    { host: temporal.host, port: temporal.port ?? 7233, what: 'Temporal (TEMPORAL_ADDRESS)' },
    { host: temporal.host, port: TEMPORAL_HTTP_PORT, what: 'the HTTP API of Temporal (TEMPORAL_ADDRESS)' },
    ...(env.TEMPORAL_UI_URL ? [{ ...urlAt(env.TEMPORAL_UI_URL), what: 'the Temporal UI (TEMPORAL_UI_URL)' }] : []),
    { ...urlAt(env.BLOK_PUBLIC_URL), what: 'the API (BLOK_PUBLIC_URL)' },
    { host: '127.0.0.1', port: env.PORT, what: 'the API (PORT)' },
    ...(env.BLOK_METRICS_PORT
      ? [{ host: '127.0.0.1', port: env.BLOK_METRICS_PORT, what: 'the metrics (BLOK_METRICS_PORT)' }]
      : []),
    ...(env.OTEL_EXPORTER_OTLP_ENDPOINT
      ? [{ ...urlAt(env.OTEL_EXPORTER_OTLP_ENDPOINT), what: 'the collector (OTEL_EXPORTER_OTLP_ENDPOINT)' }]
      : []),
    ...env.BLOK_OWN_HOSTS.map((text) => {
      const { host, port } = splitHostPort(text);
      return { host, port: port ?? 0, what: 'a server in BLOK_OWN_HOSTS' };
    }),
  ];
}

/** The ports of addresses that name none. */
const PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'redis:': 6379,
  'rediss:': 6379,
};

function urlAt(text: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(text);
  return { host: hostname, port: Number(port || PORTS[protocol]) };
}

/** The driver's parser takes more than `URL` does: a host in the query, a socket in the file system, no host at all. */
function databaseAt(url: string): { host: string; port: number } {
  const [, authority = ''] = /^\w+:\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(url) ?? [];
  const [, inQuery] = /[?&]host=([^&#]+)/.exec(url) ?? [];
  const { host, port } = splitHostPort(authority.replace(/:$/, ''));
  const name = inQuery === undefined ? host : decodeURIComponent(inQuery);
  return { host: name === '' || name.startsWith('/') ? 'localhost' : name, port: port ?? 5432 };
}
