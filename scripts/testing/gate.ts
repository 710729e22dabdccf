/** A proxy to a server that tests can block, such as between a worker and its database. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * `pass`: as if the gate were not there. `hang`: connections are accepted and kept open, but nothing gets through until
 * the gate passes again. `refuse`: all connections are cut, and new ones are refused.
 */
export type GateMode = 'pass' | 'hang' | 'refuse';

export interface Gate {
  /** The same address by way of the gate. One target for each gate. */
  readonly through: (url: string) => string;
  readonly set: (mode: GateMode) => Promise<void>;
  /** Cuts all connections. */
  readonly close: () => Promise<void>;
}

interface Pair {
  readonly outside: Socket;
  inside?: Socket;
}

/** Opens a gate, in mode `pass`. */
export async function openGate(): Promise<Gate> {
  const pairs = new Set<Pair>();
  let mode: GateMode = 'pass';
  let target: URL | undefined;
  const server: Server = createServer({ pauseOnConnect: true }, (outside) => {
    const pair: Pair = { outside };
    pairs.add(pair);
    endTogether(pair, pairs);
    if (mode === 'pass') letThrough(pair, target!);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const { outside, inside } of pairs) {
        outside.destroy();
        inside?.destroy();
      }
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    through: (url) => {
      target = new URL(url);
      const way = new URL(url);
      way.hostname = '127.0.0.1';
      way.port = String(port);
      return way.href;
    },
    set: async (next) => {
      if (next === mode) return;
      if (mode === 'refuse') await listen(port);
      mode = next;
      if (next === 'refuse') return shut();
      for (const pair of pairs) next === 'hang' ? hold(pair) : letThrough(pair, target!);
    },
    close: async () => {
      if (mode !== 'refuse') await shut();
    },
  };
}

function letThrough(pair: Pair, target: URL): void {
  const { outside } = pair;
  if (!pair.inside) {
    pair.inside = connect(Number(target.port), target.hostname).on('error', () => outside.destroy());
    pair.inside.on('close', () => outside.destroy());
    if (outside.destroyed) pair.inside.destroy();
  }
  outside.pipe(pair.inside);
  pair.inside.pipe(outside);
}

function hold({ outside, inside }: Pair): void {
  outside.unpipe().pause();
  inside?.unpipe().pause();
}

function endTogether(pair: Pair, pairs: Set<Pair>): void {
  pair.outside
    .on('error', () => pair.outside.destroy())
    .on('close', () => {
      pair.inside?.destroy();
      pairs.delete(pair);
    });
}
