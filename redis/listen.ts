import type { Redis } from 'ioredis';
import { listenerOptions } from './options.ts';

/** A connection that listens to a channel. */
export interface RedisListening {
  close(): void;
}

/** How often a connection that only listens is asked whether it is still there: nothing else would show it. */
const PROBE_MS = 5_000;

/** Listens to a channel on a connection of its own, and again whenever the connection was made anew. */
export function listenOn(
  client: Redis,
  channel: string,
  on: { heard(text: string): void; restored(): void },
): RedisListening {
  const listener = client.duplicate(listenerOptions);
  const again = () => listener.disconnect(true);
  listener.on('error', () => {});
  listener.on('message', (from: string, text: string) => {
    if (from === channel) on.heard(text);
  });
  listener.on('ready', () => void listener.subscribe(channel).then(on.restored, again));
  const probing = setInterval(() => {
    if (listener.status === 'ready') listener.ping().catch(again);
  }, PROBE_MS).unref();
  return {
    close: () => {
      clearInterval(probing);
      listener.disconnect();
    },
  };
}
