import { randomUUID } from 'node:crypto';
import { decode, encode, type Hint } from './envelope.ts';
import { createOutbox } from './outbox.ts';
import { createSubscribers, type Subscription } from './subscribers.ts';
import type { OpenWire, Wire } from './wire.ts';

/** Most bytes of a topic and its hint together. A bus carries ids, never data. */
export const HINT_BYTES = 4_000;

/**
 * Carries hints between the processes of an installation. A hint may be late, come twice or get lost: whoever needs to
 * know also looks from time to time.
 */
export interface Bus {
  /** Tells all processes. Returns at once, and never fails because the others cannot be reached. */
  publish(topic: string, hint?: string): void;
  /** Calls back for each hint, and with an empty one when hints may have been missed: it is time to look. */
  subscribe(topic: string, heard: (hint: string) => void): Subscription;
  /** Sends what is still to be sent, if that can be done at once. */
  close(): Promise<void>;
}

/**
 * A bus on a wire between processes. Subscribers in the same process hear at once and need no wire.
 *
 * @param openWire absent: there are no other processes
 * @example const bus = createBus(postgresWire(database));
 */
export function createBus(openWire?: OpenWire): Bus {
  const sender = randomUUID();
  const subscribers = createSubscribers();
  const wire = openWire?.({
    text: (text) => {
      const letter = decode(text);
      if (letter === null || letter.sender === sender) return;
      for (const [topic, hint] of letter.hints) subscribers.tell(topic, hint);
    },
    gap: () => subscribers.tellAll(''),
  });
  const outbox = wire && createOutbox({ everyMs: wire.everyMs, send: (hints) => wire.send(encode(sender, hints)) });
  return {
    publish: (topic, hint = '') => {
      const bytes = Buffer.byteLength(topic) + Buffer.byteLength(hint);
      if (bytes > HINT_BYTES) throw new RangeError(`A hint of ${bytes} bytes: the most is ${HINT_BYTES}`);
      subscribers.tell(topic, hint);
      outbox?.put([topic, hint] satisfies Hint);
    },
    subscribe: (topic, heard) => {
      wire?.listen();
      return subscribers.add(topic, heard);
    },
    close: () => closeBoth(wire, outbox),
  };
}

async function closeBoth(wire: Wire | undefined, outbox: { close(): Promise<void> } | undefined): Promise<void> {
  await outbox?.close();
  await wire?.close();
}
