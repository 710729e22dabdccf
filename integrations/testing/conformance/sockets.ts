import { ChildProcess } from 'node:child_process';
import { Socket as DatagramSocket } from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';

/** What was about to leave this process, past the guard. */
export interface SocketWatch {
  readonly attempts: string[];
  /** Sockets, names and programs work again. */
  stop(): void;
}

/**
 * Refuses every socket that is opened, every name that is looked up and every program that is started in this process until it
 * is stopped, and notes where it was meant to go: whatever a library uses (`node:http`, `node:tls`, `node:net`, its own undici)
 * ends in one of these methods. Only Node itself may be started, as the walls around scripts and parsers are.
 */
export function watchSockets(): SocketWatch {
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
  const { spawn } = ChildProcess.prototype as unknown as { spawn: (options: { file: string }) => unknown };
  const restore = [
    replace(Socket.prototype, /^connect$/, function refuse(this: Socket, ...args: unknown[]) {
      attempts.push(`tcp ${targetOf(args)}`);
      process.nextTick(() => this.destroy(new Error('A socket was opened past the guard.')));
      return this;
    }),
    replace(DatagramSocket.prototype, /^send$/, (...args: unknown[]) => {
      attempts.push(`udp ${String(args[2] ?? '')}`);
    }),
    replace(dns, /^(lookup|resolve|reverse)/, lookup('callback')),
    replace(dns.promises, /^(lookup|resolve|reverse)/, lookup('promise')),
    replace(ChildProcess.prototype, /^spawn$/, function refuse(this: ChildProcess, options: { file: string }) {
      if (options.file === process.execPath) return spawn.call(this, options);
      attempts.push(`program ${options.file}`);
      throw new Error('A program was started past the guard.');
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
