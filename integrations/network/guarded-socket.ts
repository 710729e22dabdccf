import { WebSocket } from 'undici';
import type { Network } from '../context.ts';

/** Longer messages are of no use to anybody who listens for hints. */
const LONGEST_MESSAGE = 1_000_000;

/** A WebSocket that is listened to. */
export interface ListeningSocket {
  /** Resolves when it is closed, by whomever, or could not be opened. */
  readonly ended: Promise<void>;
  close(): void;
}

/**
 * Opens a WebSocket through the guard, and says something first. Whatever breaks ends it, without an error, because
 * nobody may rely on it.
 */
export function listenToSocket(
  network: Pick<Network, 'dispatcher'>,
  url: string,
  { greetings, onMessage }: { readonly greetings: readonly string[]; readonly onMessage: (text: string) => void },
): ListeningSocket {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const socket = new WebSocket(url, { dispatcher: network.dispatcher });
  socket.addEventListener('open', () => {
    for (const text of greetings) socket.send(text);
  });
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string' && data.length <= LONGEST_MESSAGE) onMessage(data);
  });
  socket.addEventListener('close', () => resolve());
  // It is closed next.
  socket.addEventListener('error', () => resolve());
  return { ended, close: () => socket.close() };
}
