import { Socket as DatagramSocket } from 'node:dgram';
import { Socket } from 'node:net';

/** What was about to leave this process, past the guard. */
export interface SocketWatch {
  readonly attempts: string[];
  /** Sockets work again. */
  stop(): void;
}

/**
 * Refuses every socket that is opened in this process until it is stopped, and notes where it was meant to go: whatever
 * a library uses (`node:http`, `node:tls`, `node:net`, its own undici) ends in one of these two methods.
 */
export function watchSockets(): SocketWatch {
  const attempts: string[] = [];
  const { connect } = Socket.prototype;
  const { send } = DatagramSocket.prototype;
  Socket.prototype.connect = function refuse(this: Socket, ...args: unknown[]) {
    attempts.push(`tcp ${targetOf(args)}`);
    process.nextTick(() => this.destroy(new Error('A socket was opened past the guard.')));
    return this;
  } as typeof connect;
  DatagramSocket.prototype.send = function refuse(...args: unknown[]) {
    attempts.push(`udp ${String(args[2] ?? '')}`);
  } as typeof send;
  return {
    attempts,
    stop: () => {
      Socket.prototype.connect = connect;
      DatagramSocket.prototype.send = send;
    },
  };
}

/** Node normalises the arguments into a list before it calls `connect`, but libraries may call it themselves. */
function targetOf(args: readonly unknown[]): string {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  if (first === null || typeof first !== 'object') return String(first);
  const { host, port, path } = first as { host?: string; port?: number; path?: string };
  return path ?? `${host ?? 'localhost'}:${port ?? ''}`;
}
