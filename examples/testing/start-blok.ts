import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '../../embedded/boot/node-flags.mjs';
import { isSame } from '../../embedded/process/identity.ts';
import { until } from '../../embedded/process/wait.ts';
import { gone, newInstallation, noteOf, SERVERS, type ServerName } from '../../embedded/start/testing/run-start.ts';
import type { Place } from './run-case.ts';

/** What can be killed: a server of `npm start`, or all servers together with `npm start` itself. */
export type Victim = ServerName | 'all';

/** `npm start` in its own folder and on its own ports, ready. */
export interface StartedBlok extends Place {
  /** Stops it as Ctrl-C does, and removes its folder. */
  stop(): Promise<void>;
}

/** A started Blok whose parts can be killed. */
export interface KillableBlok extends StartedBlok {
  /** Its BLOK_HOME. */
  readonly home: string;
  /** Its environment: its folder and its ports. */
  readonly env: Readonly<Record<string, string>>;
  /** Everything it has printed, over all its starts. */
  said(): string;
  /** Pid of a server, as noted now. */
  pid(name: ServerName): number;
  /** `kill -9`. Resolves when the killed processes have ended. */
  kill(victim: Victim): Promise<void>;
  /**
   * Resolves when the killed servers are back and `GET /api/health/ready` answers 200: the supervisor restarts a server
   * by itself; `all` is started here, on the same data.
   */
  heal(victim: Victim): Promise<void>;
}

const READY_WITHIN_MS = 120_000;
const MAIN = fileURLToPath(new URL('../../embedded/start/main.ts', import.meta.url));

/** Bundles that other tests have made from the same sources. */
const BUNDLES = fileURLToPath(new URL('../../node_modules/.cache/blok', import.meta.url));

/**
 * Starts all of Blok the way `npm start` does, with bundles that are there already: making them takes seconds.
 *
 * @param env.TEMPORAL_CLI_PATH saves the search for the Temporal CLI
 * @param cold starts with a data folder in which there is nothing
 */
export async function startBlok(env: Record<string, string>, { cold = false } = {}): Promise<KillableBlok> {
  const installation = await newInstallation();
  if (!cold) shareBundles(installation.home);
  const api = `http://127.0.0.1:${installation.env.PORT}`;
  const killed = new Map<ServerName, number>();
  let said = '';
  let child: ChildProcess;
  let ended: Promise<void>;

  const start = async () => {
    const began = said.length;
    child = spawn(process.execPath, [...NODE_FLAGS, MAIN], {
      env: { ...process.env, ...installation.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const hear = (chunk: Buffer) => {
      said += chunk;
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const isReady = () => said.includes('Blok is ready', began);
    await until(() => isReady() || child.exitCode !== null || child.signalCode !== null, {
      withinMs: READY_WITHIN_MS,
    });
    if (!isReady()) throw new Error(`npm start did not get ready:\n${said.slice(began)}`);
  };
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    installation.dispose();
  };
  const pid = (name: ServerName) => noteOf(installation, name).pid;
  const kill = async (victim: Victim) => {
    const names = victim === 'all' ? SERVERS : [victim];
    const identities = names.map((name) => noteOf(installation, name));
    // The supervisor first, otherwise it restarts the others.
    if (victim === 'all') child.kill('SIGKILL');
    for (const [index, name] of names.entries()) {
      killed.set(name, identities[index]!.pid);
      if (isSame(identities[index]!)) process.kill(identities[index]!.pid, 'SIGKILL');
    }
    for (const identity of identities) await gone(identity);
    if (victim === 'all') await ended;
  };
  const heal = async (victim: Victim) => {
    if (victim === 'all') return start();
    const isBack = async () => {
      try {
        return pid(victim) !== killed.get(victim) && (await fetch(`${api}/api/health/ready`)).status === 200;
      } catch {
        return false;
      }
    };
    if (!(await until(isBack, { withinMs: READY_WITHIN_MS, everyMs: 100 })))
      throw new Error(`${victim} did not come back:\n${said}`);
  };

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  const { home } = installation;
  return {
    api,
    world: env.PLAYGROUND_URL ?? `http://127.0.0.1:${installation.env.PLAYGROUND_PORT}/playground`,
    home,
    env: installation.env,
    said: () => said,
    pid,
    kill,
    heal,
    stop,
  };
}

function shareBundles(home: string): void {
  mkdirSync(BUNDLES, { recursive: true });
  mkdirSync(home, { recursive: true });
  symlinkSync(BUNDLES, join(home, 'cache'), 'junction');
}
