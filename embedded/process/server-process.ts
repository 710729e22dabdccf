/** A server that we start: in its own process group, with its output in a file, and with an end we can wait for. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { identify, type ProcessIdentity } from './identity.ts';
import { commandAs, type RunAs } from './run-as.ts';
import { until } from './wait.ts';

/** What to start and how to end it. */
export interface ServerSpec {
  /** For people: `Temporal`, `Postgres`. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** File that receives what the server prints. */
  readonly logFile: string;
  /** Signal that asks the server to shut down. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** Called with the identity of the process as soon as it exists, long before it is ready. */
  readonly onSpawn?: (identity: ProcessIdentity) => void;
  /** Opens a message channel, by which a Node child notices when its parent has ended. */
  readonly ipc?: boolean;
  /** Runs the server as another user. Only root can do this. */
  readonly runAs?: RunAs;
}

/** A started server. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** Settles when the process has ended; never rejects. */
  readonly ended: Promise<string>;
  /** How the process ended, once it has: `exit code 1`, `killed by SIGKILL`. */
  readonly end: () => string | undefined;
  /** Asks the process to end, and kills it after `graceMs`. Resolves when it has ended. */
  readonly stop: (graceMs?: number) => Promise<void>;
  /** The last lines it printed. */
  readonly tail: (lines?: number) => string;
  readonly child: ChildProcess;
}

const LOG_LIMIT_BYTES = 20 * 1024 * 1024;

/**
 * Starts a server.
 * @throws Error if the program cannot be started at all
 */
export async function startServerProcess(spec: ServerSpec): Promise<ServerProcess> {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  rotate(spec.logFile);
  const log = openSync(spec.logFile, 'a');
  const began = statSync(spec.logFile).size;
  const { file, args, ids } = commandAs(spec.runAs, spec.file, spec.args, spec.stopSignal ?? 'SIGTERM');
  const child = spawn(file, args, {
    ...ids,
    cwd: spec.cwd,
    env: spec.env ?? process.env,
    // Its own process group: Ctrl-C in the terminal reaches only the supervisor, which stops its children in order.
    detached: true,
    stdio: spec.ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
  });
  let end: string | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      end = signal ? `killed by ${signal}` : `exit code ${code}`;
      resolve(end);
    });
  });
  try {
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  } catch (error) {
    throw new Error(`${spec.name} cannot be started: ${(error as Error).message}`);
  } finally {
    closeSync(log);
  }
  const pid = child.pid!;
  const identity = identify(pid);
  if (identity) spec.onSpawn?.(identity);
  return {
    name: spec.name,
    pid,
    ended,
    end: () => end,
    stop: (graceMs = 5_000) => stop(child, ended, spec.stopSignal ?? 'SIGTERM', graceMs),
    tail: (lines = 12) => lastLines(readFileSync(spec.logFile).subarray(began).toString(), lines),
    child,
  };
}

/** Ends a process that is not our child: first asks it, then kills it after `graceMs`. */
export async function stopByIdentity(
  identity: ProcessIdentity,
  graceMs: number,
  signal: NodeJS.Signals,
): Promise<void> {
  const gone = () => identify(identity.pid)?.began !== identity.began;
  if (gone()) return;
  kill(identity.pid, signal);
  if (await until(gone, { withinMs: graceMs })) return;
  kill(identity.pid, 'SIGKILL');
  await until(gone, { withinMs: 5_000 });
}

async function stop(child: ChildProcess, ended: Promise<string>, signal: NodeJS.Signals, graceMs: number) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}

function kill(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal);
  } catch {
    // The process ended in the meantime, or we may not kill it: the caller checks whether it has ended.
  }
}

/** Servers print stack traces on one line: nobody needs the whole line on the screen. */
const LINE_LIMIT = 400;

function lastLines(text: string, count: number): string {
  const lines = text.trimEnd().split('\n').slice(-count);
  return lines.map((line) => (line.length > LINE_LIMIT ? `${line.slice(0, LINE_LIMIT)} ...` : line)).join('\n');
}

function rotate(logFile: string) {
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT_BYTES) renameSync(logFile, `${logFile}.1`);
}
