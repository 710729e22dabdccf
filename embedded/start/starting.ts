/** What the parts of a start share. */
import type { ServerProcess } from '../process/server-process.ts';
import { elapsed } from '../programs/progress.ts';
import type { StartConfig } from '../supervisor/config.ts';
import type { Home } from '../supervisor/home.ts';
import { type KeptServer, keepAlive } from '../supervisor/keep-alive.ts';

/** What `start` takes besides its configuration. */
export interface StartOptions {
  readonly config: StartConfig;
  /** The environment that the process with the API and the worker inherits. */
  readonly env: NodeJS.ProcessEnv;
  /** Receives one line at a time, for people. */
  readonly say: (line: string) => void;
  /** The program with API and worker; another one in tests. */
  readonly serveFile?: string;
}

/** A start under way. */
export interface Starting extends StartOptions {
  readonly home: Home;
  readonly url: string;
  /** The servers that run, in the order in which they were started. */
  readonly kept: KeptServer[];
  readonly aborted: AbortSignal;
}

/** Starts a server, keeps it running, and says that it is there. */
export async function keep(
  { kept, say, aborted }: Starting,
  name: string,
  where: string,
  begin: (signal: AbortSignal) => Promise<ServerProcess>,
): Promise<void> {
  const began = Date.now();
  aborted.throwIfAborted();
  kept.push(await keepAlive(name, begin, say));
  say(`${name.padEnd(9)} ${where} (${elapsed(Date.now() - began)})`);
}
