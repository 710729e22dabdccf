/** The Temporal dev server with the settings Blok is measured with. */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { SEARCH_ATTRIBUTES } from '../../workflows/contract.ts';
import type { Address } from '../process/door.ts';
import { type ServerProcess, type ServerSpec, startServerProcess } from '../process/server-process.ts';
import { isOwnBuild } from './cli.ts';
import { DYNAMIC_CONFIG, type DynamicConfig } from './dynamic-config.ts';
import { blockedPorts } from './hidden-address.ts';
import { prepareNamespace } from './namespace.ts';
import { startUiProxy } from './ui-proxy.ts';

/** What to start. */
export interface DevServerOptions {
  /** Path of the Temporal CLI. */
  readonly cli: string;
  readonly port: number;
  /** The Temporal UI; without it there is no UI. */
  readonly ui?: DevServerUi;
  /** SQLite file; without a file, everything is kept in memory. */
  readonly databaseFile?: string;
  readonly logFile: string;
  readonly onSpawn?: ServerSpec['onSpawn'];
  /** Aborts waiting for the server to be ready. */
  readonly signal?: AbortSignal;
  /** Settings that add to ours or replace them: tests lower a limit to reach it. */
  readonly dynamicConfig?: DynamicConfig;
}

/** Where the UI is. */
export interface DevServerUi {
  /** Port on 127.0.0.1 at which people reach it. */
  readonly port: number;
  /** Address under which people reach it, if it is another one. */
  readonly url?: string;
  /** Where it listens itself: `hiddenAddress()`. */
  readonly hidden: Address;
}

/** A running dev server. */
export interface DevServer {
  readonly process: ServerProcess;
  /** `127.0.0.1:7233` */
  readonly address: string;
}

/** Write-ahead log: five times as many runs per second; a crash of the machine may lose the last moments, never the file. */
const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'];

/** How often it is started with other side ports: few are to be had, and two servers may choose the same at one moment. */
const ATTEMPTS = 5;

/** How long a server may take to answer: a large database is read first. */
const READY_WITHIN_MS = 60_000;

/**
 * Two more ports of the CLI answer anybody: the metrics, which name workflows, and what is left of the HTTP API (calls of
 * Nexus). Our own program has neither. Without a UI it is a server of a test, of which many run at once: the blocked ports
 * would not suffice.
 */
async function sidePorts({ cli, ui }: DevServerOptions): Promise<number[]> {
  return !ui || (await isOwnBuild(cli)) ? [] : blockedPorts(2);
}

const sidePortArgs = (ports: readonly number[]): string[] =>
  ['--metrics-port', '--http-port'].flatMap((flag, at) => (ports[at] ? [flag, String(ports[at])] : []));

/** Whether somebody took one of the ports between the moment when it was found free and that when the server wanted it. */
const wereTaken = (ports: readonly number[], said: string): boolean =>
  said.includes('address already in use') && ports.some((port) => new RegExp(`\\b${port}\\b`).test(said));

/** Arguments of `temporal` for these options. */
function devServerArgs({ port, ui, databaseFile, dynamicConfig }: DevServerOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
    ...(ui === undefined ? ['--headless'] : ['--ui-port', String(ui.hidden.port), '--ui-ip', ui.hidden.host]),
    ...(databaseFile ? ['--db-filename', databaseFile] : []),
    ...(databaseFile ? SQLITE_PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]) : []),
    ...['--log-level', 'warn', '--log-format', 'text', '--color', 'never'],
    ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ...Object.entries({ ...DYNAMIC_CONFIG, ...dynamicConfig }).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]),
  ];
}

/**
 * Starts a dev server and waits until its namespace is ready for use.
 * @throws Error that says what to do
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { databaseFile, ui } = options;
  if (databaseFile) mkdirSync(dirname(databaseFile), { recursive: true });
  const closeUi = ui ? await startUiProxy({ port: ui.port, publicUrl: ui.url, behind: ui.hidden }) : () => {};
  try {
    const server = await startReady(options);
    void server.process.ended.then(closeUi);
    return server;
  } catch (error) {
    closeUi();
    throw error;
  }
}

async function startReady(options: DevServerOptions): Promise<DevServer> {
  const { databaseFile, logFile, onSpawn, signal } = options;
  const address = `127.0.0.1:${options.port}`;
  for (let attempt = 1; ; attempt++) {
    const ports = await sidePorts(options);
    const server = await startServerProcess({
      name: 'Temporal',
      file: options.cli,
      args: [...devServerArgs(options), ...sidePortArgs(ports)],
      env: withoutTemporalSettings(process.env),
      ...{ logFile, onSpawn },
    });
    const problem = await prepareNamespace(address, { withinMs: READY_WITHIN_MS, ended: server.end, signal });
    if (!problem) return { process: server, address };
    await server.stop(2_000);
    const said = server.tail();
    if (attempt < ATTEMPTS && wereTaken(ports, said)) continue;
    const data = databaseFile
      ? `\nIf its data is broken, put ${databaseFile} back from a backup, or move it away to start afresh.`
      : '';
    throw new Error(`Temporal did not start: ${problem}. The end of ${logFile}:\n${said}${data}`);
  }
}

/** The CLI reads `TEMPORAL_*` as flags, so variables meant for Blok's own connection must not reach it. */
function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
