/** `npm start`: everything Blok needs, started in order, kept running, and stopped in order. */
import { fileURLToPath } from 'node:url';
import { whoListens, whyNot } from '../process/ports.ts';
import { portsOf, type StartConfig, type UsedPort } from '../supervisor/config.ts';
import { homeAt, prepareHome } from '../supervisor/home.ts';
import type { KeptServer } from '../supervisor/keep-alive.ts';
import { takeLock } from '../supervisor/lock.ts';
import { stopOrphans } from '../supervisor/orphans.ts';
import { closeHome, writePrivately } from '../supervisor/private.ts';
import { blokServer } from '../supervisor/servers.ts';
import { startChain } from './start-chain.ts';
import { startDatabase } from './start-database.ts';
import { startTemporal } from './start-temporal.ts';
import { keep, type Starting, type StartOptions } from './starting.ts';

/** A running Blok. */
export interface RunningBlok {
  /** Address of the API. */
  readonly url: string;
  /** Ends everything in order. The second call ends it at once. */
  readonly stop: () => Promise<void>;
}

/** How long the API and the worker may take to finish what they are doing. */
const GRACE_MS = 12_000;

/**
 * Starts Blok. What has been started is stopped again if a later part fails, or when `aborted` fires.
 * @throws Error that says in plain words what is wrong and what to do
 */
export async function start(options: StartOptions, aborted: AbortSignal): Promise<RunningBlok> {
  const { config, say } = options;
  const home = homeAt(config.home);
  const url = addressOf(config);
  prepareHome(home);
  const lock = await takeLock(home.run, url, () =>
    say('An earlier Blok on this data folder has not ended yet: waiting'),
  );
  const kept: KeptServer[] = [];
  let stops = 0;
  const stop = async () => {
    lock.stopping();
    const graceMs = ++stops > 1 ? 0 : undefined;
    // The last server that was started stops first, so that no server loses one it depends on.
    for (const server of [...kept].reverse()) await server.stop(graceMs ?? GRACE_MS);
    lock.release();
  };
  try {
    writePrivately();
    closeHome(home);
    for (const name of await stopOrphans(home.run)) say(`${name} of an earlier start was still running: ended it`);
    await refuseTakenPorts(config);
    await startAll({ ...options, home, url, kept, aborted });
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where this machine itself reaches the API, whatever addresses it listens on. */
function addressOf({ host, port }: StartConfig): string {
  const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${local.includes(':') ? `[${local}]` : local}:${port}`;
}

async function startAll(starting: Starting) {
  const { config, env, home, url, aborted } = starting;
  const [database, temporal, chain] = await allOrFirstError([
    startDatabase(starting),
    startTemporal(starting),
    startChain(starting),
  ]);
  const file = starting.serveFile ?? fileURLToPath(new URL('./serve.ts', import.meta.url));
  const settings = {
    DATABASE_URL: database,
    BLOK_ALONE: String('port' in config.postgres),
    // What may change tables stays here.
    MIGRATION_DATABASE_URL: undefined,
    ...temporal.settings,
    BLOK_HOME: home.path,
    HOST: config.host,
    PORT: String(config.port),
    BLOK_PUBLIC_URL: config.publicUrl,
    BLOK_OWN_HOSTS: [env.BLOK_OWN_HOSTS, ...ownHosts(config), ...temporal.hidden].filter(Boolean).join(','),
    ...playgroundSettings(config),
    PLAYGROUND_CHAIN_URL: chain.join(','),
  };
  const options = { file, env: { ...env, ...settings }, url };
  await keep(starting, 'Blok', url, (signal) => blokServer(home, options, AbortSignal.any([signal, aborted])));
}

/** What nodes must not reach: everything that this start serves, apart from the outside world of the examples. */
const ownHosts = (config: StartConfig): string[] =>
  portsOf(config)
    .filter(({ variable }) => variable !== 'PLAYGROUND_PORT' && variable !== 'CHAIN_PORT')
    .map(({ port }) => `127.0.0.1:${port}`);

const playgroundSettings = ({ playground }: StartConfig): NodeJS.ProcessEnv =>
  'url' in playground
    ? { PLAYGROUND_URL: playground.url, PLAYGROUND_SMTP_PORT: String(playground.mailPort) }
    : { PLAYGROUND_PORT: String(playground.port) };

/** Waits for all tasks even if one fails: what the others have started must be known before it is stopped. */
async function allOrFirstError<T extends readonly unknown[]>(tasks: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const results = await Promise.allSettled(tasks);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}

function whyText(code: string, { variable, purpose, port, host }: UsedPort): string {
  switch (code) {
    case 'EADDRINUSE': {
      const who = whoListens(port);
      const other = port < 65_535 ? port + 1 : port - 1;
      return `Port ${port} (${purpose}) is taken${who ? ` by ${who}` : ''}. Another one: ${variable}=${other} npm start`;
    }
    case 'EACCES':
      return `Port ${port} (${purpose}) may be used by an administrator only. Another one: ${variable}=${port + 4000} npm start`;
    default:
      return `HOST is ${host}, which is no address of this machine (${code}). Use 127.0.0.1, or 0.0.0.0 for all of its addresses.`;
  }
}

async function refuseTakenPorts(config: StartConfig) {
  const taken: string[] = [];
  for (const { variable, purpose, port, host } of portsOf(config)) {
    const why = await whyNot(port, host);
    if (why !== undefined) taken.push(`  ${whyText(why, { variable, purpose, port, host })}`);
  }
  if (taken.length > 0) throw new Error(`Blok cannot start:\n${taken.join('\n')}`);
}
