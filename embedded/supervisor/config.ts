/** What `npm start` reads from the environment. */
import { resolve } from 'node:path';
import { z } from 'zod';

/** Settings of one start. */
export interface StartConfig {
  /** Folder with all data. */
  readonly home: string;
  readonly host: string;
  readonly port: number;
  /** Address at which others reach the API; used in links to approvals and in webhooks. */
  readonly publicUrl: string;
  /** `migrationUrl` is for another role on the same database, which may change tables. */
  readonly postgres: { readonly url: string; readonly migrationUrl?: string } | { readonly port: number };
  readonly temporal:
    | { readonly address: string; readonly namespace: string }
    | { readonly port: number; readonly uiPort: number; readonly uiUrl: string };
  /** The outside world of the examples: a playground that somebody else runs, or the port of an own one. */
  readonly playground: { readonly url: string; readonly mailPort: number } | { readonly port: number };
  /** The playground's chain: one that somebody else runs, or the port of an own one; null: nobody wants one. */
  readonly chain: { readonly urls: readonly string[] } | { readonly port: number } | null;
}

const isPort = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 65_535;

const port = <Fallback extends number | undefined>(fallback: Fallback) =>
  z
    .string()
    .optional()
    .transform((text) => (text === undefined || text === '' ? fallback : Number(text)))
    .refine((value) => value === undefined || isPort(value), 'must be a port, from 1 to 65535');

/** A port beside the API's: two installations side by side need not name all. */
const besides = (api: number, distance: number): number => (api + distance <= 65_535 ? api + distance : api - distance);

const text = (fallback: string) =>
  z
    .string()
    .optional()
    .transform((value) => value?.trim() || fallback);

const optional = (message: string, good: (value: string) => boolean) =>
  z
    .string()
    .optional()
    .transform((value) => value?.trim() || undefined)
    .refine((value) => value === undefined || good(value), message);

const schema = z.object({
  BLOK_HOME: text('.blok'),
  HOST: text('127.0.0.1'),
  PORT: port(4400),
  POSTGRES_PORT: port(5544),
  TEMPORAL_PORT: port(7233),
  TEMPORAL_UI_PORT: port(8233),
  DATABASE_URL: optional('must look like postgres://user:password@host:5432/database', isPostgresUrl),
  MIGRATION_DATABASE_URL: optional('must look like postgres://user:password@host:5432/database', isPostgresUrl),
  TEMPORAL_ADDRESS: optional('must look like host:7233', (value) => /^[^\s/]+:\d+$/.test(value)),
  TEMPORAL_NAMESPACE: text('default'),
  TEMPORAL_UI_URL: optional('must be an address that begins with http:// or https://', isHttpUrl),
  BLOK_PUBLIC_URL: optional('must be an address that begins with http:// or https://', isHttpUrl),
  PLAYGROUND_PORT: port(undefined),
  PLAYGROUND_URL: optional('must look like http://127.0.0.1:4490/playground', isHttpUrl),
  PLAYGROUND_SMTP_PORT: port(4425),
  BLOK_CHAIN: optional('must be 1, or not be set', (value) => ['0', '1'].includes(value)),
  CHAIN_PORT: port(undefined),
  PLAYGROUND_CHAIN_URL: optional(
    'must be addresses that begin with http:// or https://, separated by commas',
    (value) => value.split(',').every(isHttpUrl),
  ),
});

/**
 * Reads the settings.
 * @param root folder of the project; a relative BLOK_HOME counts from there
 * @throws Error that names every wrong variable, its value and what it must be
 */
export function readConfig(env: NodeJS.ProcessEnv, root: string): StartConfig {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      // The address is not printed, because it may hold a password.
      const value = name.endsWith('DATABASE_URL') ? '' : ` is "${env[name]}" and`;
      return `  ${name}${value} ${message}`;
    });
    throw new Error(`The environment has settings that cannot be used:\n${lines.join('\n')}`);
  }
  const values = parsed.data;
  const config: StartConfig = {
    home: resolve(root, values.BLOK_HOME),
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.BLOK_PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    postgres: values.DATABASE_URL
      ? { url: values.DATABASE_URL, migrationUrl: values.MIGRATION_DATABASE_URL }
      : { port: values.POSTGRES_PORT },
    temporal: values.TEMPORAL_ADDRESS
      ? { address: values.TEMPORAL_ADDRESS, namespace: values.TEMPORAL_NAMESPACE }
      : {
          port: values.TEMPORAL_PORT,
          uiPort: values.TEMPORAL_UI_PORT,
          uiUrl: values.TEMPORAL_UI_URL ?? `http://localhost:${values.TEMPORAL_UI_PORT}`,
        },
    playground: values.PLAYGROUND_URL
      ? { url: values.PLAYGROUND_URL, mailPort: values.PLAYGROUND_SMTP_PORT }
      : { port: values.PLAYGROUND_PORT ?? besides(values.PORT, 10) },
    chain: chainOf(values),
  };
  refuseSharedPorts(portsOf(config));
  return config;
}

function chainOf(values: z.output<typeof schema>): StartConfig['chain'] {
  if (values.PLAYGROUND_CHAIN_URL) return { urls: values.PLAYGROUND_CHAIN_URL.split(',') };
  return values.BLOK_CHAIN === '1' ? { port: values.CHAIN_PORT ?? besides(values.PORT, 11) } : null;
}

/** A port that this start listens on. */
export interface UsedPort {
  readonly variable: 'PORT' | 'POSTGRES_PORT' | 'TEMPORAL_PORT' | 'TEMPORAL_UI_PORT' | 'PLAYGROUND_PORT' | 'CHAIN_PORT';
  readonly purpose: string;
  readonly port: number;
  readonly host: string;
}

/** The ports that a start with this configuration listens on. */
export function portsOf({ host, port, postgres, temporal, playground, chain }: StartConfig): UsedPort[] {
  const local = '127.0.0.1';
  const ports: UsedPort[] = [{ variable: 'PORT', purpose: 'the API', port, host }];
  if ('port' in postgres) {
    ports.push({ variable: 'POSTGRES_PORT', purpose: 'Postgres', port: postgres.port, host: local });
  }
  if ('port' in temporal) {
    ports.push({ variable: 'TEMPORAL_PORT', purpose: 'Temporal', port: temporal.port, host: local });
    ports.push({ variable: 'TEMPORAL_UI_PORT', purpose: 'the Temporal UI', port: temporal.uiPort, host: local });
  }
  if ('port' in playground) {
    ports.push({ variable: 'PLAYGROUND_PORT', purpose: 'the playground', port: playground.port, host: local });
  }
  if (chain && 'port' in chain) {
    ports.push({ variable: 'CHAIN_PORT', purpose: "the playground's chain", port: chain.port, host: local });
  }
  return ports;
}

function refuseSharedPorts(ports: readonly UsedPort[]) {
  for (const [index, one] of ports.entries()) {
    const other = ports.slice(index + 1).find(({ port }) => port === one.port);
    if (other)
      throw new Error(`${one.variable} and ${other.variable} are both ${one.port}: each needs a port of its own.`);
  }
}

function isPostgresUrl(value: string) {
  return /^postgres(ql)?:$/.test(URL.parse(value)?.protocol ?? '');
}

function isHttpUrl(value: string) {
  return /^https?:$/.test(URL.parse(value)?.protocol ?? '');
}
