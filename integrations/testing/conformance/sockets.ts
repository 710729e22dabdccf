import childProcess, { ChildProcess } from 'node:child_process';
import { Socket as DatagramSocket } from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Server, Socket } from 'node:net';
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import threads from 'node:worker_threads';

/** What was about to leave this process, past the guard. */
export interface SocketWatch {
  readonly attempts: string[];
  /** Sockets, names, programs and threads work again. */
  stop(): void;
}

const INTEGRATIONS = dirname(dirname(dirname(fileURLToPath(import.meta.url)))) + sep;

/**
 * Refuses every socket that is opened, every name that is looked up, every program and every thread that is started in this
 * process until it is stopped, and notes where it was meant to go: whatever a library uses (`node:http`, `node:tls`,
 * `node:net`, its own undici) ends in one of these methods. Only our own programs may be started, as the walls around
 * scripts and parsers are.
 *
 * @param allowed a target that may be reached all the same, such as `127.0.0.1:4000`
 */
export function watchSockets(allowed?: string): SocketWatch {
  const attempts: string[] = [];
  const lookup = (how: 'callback' | 'promise') =>
    function refuse(...args: unknown[]) {
      attempts.push(`dns ${String(args[0])}`);
      const error = new Error('A name was looked up past the guard.');
      if (how === 'promise') return Promise.reject(error);
      const callback = args.at(-1);
      if (typeof callback === 'function') process.nextTick(() => callback(error));
      return {};
    };
  const names = /^(lookup|resolve|reverse)/;
  const { connect } = Socket.prototype as unknown as { connect: (...args: unknown[]) => Socket };
  const { spawn } = ChildProcess.prototype as unknown as { spawn: (options: Started) => unknown };
  const restore = [
    replace(Socket.prototype, /^connect$/, function refuse(this: Socket, ...args: unknown[]) {
      const target = targetOf(args);
      if (target === allowed) return connect.apply(this, args);
      attempts.push(`tcp ${target}`);
      process.nextTick(() => this.destroy(new Error('A socket was opened past the guard.')));
      return this;
    }),
    replace(Server.prototype, /^listen$/, () => {
      attempts.push('a port on which it listens');
      throw new Error('A port was opened past the guard.');
    }),
    replace(DatagramSocket.prototype, /^send$/, (...args: unknown[]) => {
      attempts.push(`udp ${String(args[2] ?? '')}`);
    }),
    replace(dns, names, lookup('callback')),
    replace(dns.promises, names, lookup('promise')),
    replace(dns.Resolver.prototype, names, lookup('callback')),
    replace(dns.promises.Resolver.prototype, names, lookup('promise')),
    replace(ChildProcess.prototype, /^spawn$/, function refuse(this: ChildProcess, options: Started) {
      if (isOurs(options)) return spawn.call(this, options);
      attempts.push(`program ${options.file}`);
      throw new Error('A program was started past the guard.');
    }),
    replace(childProcess, /^(exec|execFile|spawn)Sync$/, (...[file]: unknown[]) => {
      attempts.push(`program ${String(file)}`);
      throw new Error('A program was started past the guard.');
    }),
    replace(threads, /^Worker$/, function refuse(file: unknown) {
      attempts.push(`thread ${String(file).slice(0, 80)}`);
      throw new Error('A thread was started past the guard.');
    }),
  ];
  syncBuiltinESMExports();
  return {
    attempts,
    stop: () => {
      for (const put of restore) put();
      syncBuiltinESMExports();
    },
  };
}

interface Started {
  readonly file: string;
  readonly args?: readonly string[];
}

/** Node with a program of ours, which is the first argument that is no flag. */
function isOurs({ file, args = [] }: Started): boolean {
  const [, ...given] = args;
  return file === process.execPath && (given.find((arg) => !arg.startsWith('-'))?.startsWith(INTEGRATIONS) ?? false);
}

/**
 * Replaces the functions of an object that have such a name.
 *
 * @returns what puts them back
 */
function replace(target: object, names: RegExp, by: (this: never, ...args: never[]) => unknown): () => void {
  const before = Object.entries(Object.getOwnPropertyDescriptors(target)).filter(
    ([name, { value }]) => names.test(name) && typeof value === 'function',
  );
  for (const [name, descriptor] of before) Object.defineProperty(target, name, { ...descriptor, value: by });
  return () => Object.defineProperties(target, Object.fromEntries(before));
}

/** Node normalises the arguments into a list before it calls `connect`, but libraries may call it themselves. */
function targetOf(args: readonly unknown[]): string {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  if (first === null || typeof first !== 'object') return String(first);
  const { host, port, path } = first as { host?: string; port?: number; path?: string };
  return path ?? `${host ?? 'localhost'}:${port ?? ''}`;
}
