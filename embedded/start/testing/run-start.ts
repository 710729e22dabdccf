/** Runs `npm start`'s supervisor as a separate process, on free ports and in its own folder. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../../scripts/testing/temporary-folder.ts';
import { NODE_FLAGS } from '../../boot/node-flags.mjs';
import { isSame, type ProcessIdentity } from '../../process/identity.ts';
import { freePorts } from '../../process/ports.ts';
import { until } from '../../process/wait.ts';

/** Servers, by the names in their notes. */
export type ServerName = 'Postgres' | 'Temporal' | 'Blok';

/** All servers, in the order in which they are started. */
export const SERVERS: readonly ServerName[] = ['Postgres', 'Temporal', 'Blok'];

/** Environment of one installation: a data folder and five ports. */
export interface Installation {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly dispose: () => void;
}

/** A new, empty installation. */
export async function newInstallation(): Promise<Installation> {
  const folder = temporaryFolder('start');
  const home = join(folder.path, 'home');
  const names = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POSTGRES_PORT', 'PLAYGROUND_PORT'];
  const ports = Object.fromEntries((await freePorts(names.length)).map((port, index) => [names[index], String(port)]));
  return { home, env: { BLOK_HOME: home, ...ports }, dispose: folder.remove };
}

/** A started supervisor. */
export interface StartedProcess {
  readonly pid: number;
  readonly output: () => string;
  /** Resolves once the output has the text; fails with the output if the process ends before, or after 60 s. */
  readonly says: (text: string | RegExp) => Promise<void>;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly exitCode: Promise<number | null>;
  /** The server as noted now. */
  readonly server: (name: ServerName) => ProcessIdentity;
}

/** Starts the supervisor with a stand-in for API and worker. */
export function runStart(installation: Installation, env: Record<string, string> = {}): StartedProcess {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [...NODE_FLAGS, main], {
    env: { ...process.env, ...installation.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve));
  const says = async (text: string | RegExp) => {
    const found = () => (typeof text === 'string' ? output.includes(text) : text.test(output));
    const ended = () => child.exitCode !== null || child.signalCode !== null;
    await until(() => found() || ended(), { withinMs: 60_000 });
    if (!found()) throw new Error(`npm start did not say ${text}:\n${output}`);
  };
  const server = (name: ServerName) => noteOf(installation, name);
  return { pid: child.pid!, output: () => output, says, signal: (signal) => child.kill(signal), exitCode, server };
}

/** Waits until a process has ended. */
export async function gone(identity: ProcessIdentity): Promise<boolean> {
  return (await until(() => !isSame(identity), { withinMs: 15_000 })) === true;
}

/** The server as noted now. */
export function noteOf({ home }: Pick<Installation, 'home'>, name: ServerName): ProcessIdentity {
  return JSON.parse(readFileSync(join(home, 'run', `${name.toLowerCase()}.process.json`), 'utf8'));
}
