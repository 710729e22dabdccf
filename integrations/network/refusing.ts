import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Dispatcher, setGlobalDispatcher } from 'undici';
import type { Network } from '../context.ts';
import { NodeError } from '../error.ts';

/** Who asked for what, before it is refused. */
export type OnRefused = (what: string) => void;

/** A dispatcher that refuses every request before anything is resolved or connected. */
export function refusingDispatcher(onRefused: OnRefused = () => undefined): Dispatcher {
  return new Refusing(onRefused);
}

/** A network that refuses everything: no node may send a byte past it. */
export function refusingNetwork(onRefused: OnRefused = () => undefined): Network {
  const dispatcher = refusingDispatcher(onRefused);
  return {
    dispatcher,
    secured: () => ({ dispatcher, close: () => Promise.resolve() }),
    resolve: async (host, port) => {
      onRefused(`${host}:${port}`);
      throw refusal(`${host}:${port}`);
    },
  };
}

/**
 * Closes the ways around the guard in this process, for good: the global `fetch` and what else uses undici's global
 * dispatcher, and every agent of `node:http` and `node:https`. A library that is not given the guarded `fetch` fails at
 * its first request, and says why. Processes that run nodes call this once, at their start. What opens sockets by itself
 * is caught by the conformance test.
 */
export function refuseUnguarded(): void {
  setGlobalDispatcher(refusingDispatcher());
  for (const agent of [HttpAgent, HttpsAgent]) {
    Object.assign(agent.prototype, {
      createConnection: ({ host, port }: { host?: string; port?: number }) => {
        throw refusal(`${host ?? 'localhost'}:${port ?? ''}`);
      },
    });
  }
}

class Refusing extends Dispatcher {
  readonly #onRefused: OnRefused;

  constructor(onRefused: OnRefused) {
    super();
    this.#onRefused = onRefused;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const what = `${options.method} ${String(options.origin ?? '')}`;
    this.#onRefused(what);
    const error = refusal(what);
    if (handler.onResponseError) handler.onResponseError(REFUSED, error);
    else handler.onError?.(error);
    return false;
  }

  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> | undefined {
    if (!callback) return Promise.resolve();
    callback();
    return undefined;
  }

  override destroy(): Promise<void>;
  override destroy(error: Error | null): Promise<void>;
  override destroy(callback: () => void): void;
  override destroy(error: Error | null, callback: () => void): void;
  override destroy(first?: Error | null | (() => void), second?: () => void): Promise<void> | undefined {
    const callback = typeof first === 'function' ? first : second;
    if (!callback) return Promise.resolve();
    callback();
    return undefined;
  }
}

/** A request that never began cannot be paused or resumed. */
const REFUSED: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  rawHeaders: null,
  rawTrailers: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

function refusal(what: string): NodeError {
  return new NodeError(
    'network.unguarded',
    `${what}: a node may go out through ctx.fetch and ctx.network only, so this request was refused and nothing was ` +
      'sent. Give the library ctx.fetch.',
  );
}
