import { z } from 'zod';
import { json } from '../../schema.ts';
import type { DecodedTransaction } from '../chain/transactions/decoded.ts';
import type { DecodedData } from '../idl/decode.ts';
import type { Finder } from './finder.ts';
import { programLog } from './program-logs.ts';

/** What `solana.programEvent` fires with. */
export const eventItem = z.object({
  program: z.string().describe('Address of the program.'),
  name: z.string().nullable().describe('Name of the event in the IDL; null without one.'),
  data: json().describe('What the event holds, by the IDL; null without one.'),
  raw: z.string().describe('The bytes that the program logged, in base64.'),
  index: z.int().describe('Its place among what the program logged in the transaction, from 0 on.'),
  signature: z.string().describe('Signature of the transaction.'),
  slot: z.string().nullable().describe('Where it landed.'),
  blockTime: z.string().nullable().describe('When, as an ISO time; null if the provider does not know it.'),
  feePayer: z.string().nullable().describe('Who paid for the transaction.'),
  signers: z.array(z.string()).describe('Who signed it, the fee payer first.'),
});

export type EventItem = z.input<typeof eventItem>;

/** Which events of a program are wanted, and how to read them. */
export interface WantedEvents {
  /** Names of the IDL; all if there are none. */
  readonly names: readonly string[];
  /** Reads what a program has logged; absent: it is given as it is. @returns null for what the IDL does not know */
  readonly read?: (data: Uint8Array) => DecodedData | null;
}

/** A log of the largest size holds fewer events of Anchor. */
const MOST_EVENTS = 350;

/** Finds the events that a program has logged itself. */
export const eventFinder = ({ names, read }: WantedEvents): Finder<EventItem> => ({
  // A transaction that failed has changed nothing, whatever it logged before.
  counts: (failed) => !failed,
  find: (transaction, program) => {
    const { logged, cut } = programLog(transaction.logs, program);
    const items: { key: string; item: EventItem }[] = [];
    let unread = cut ?? (transaction.logsCut ? 'The log is longer than what Blok reads of it.' : null);
    if (logged.length > MOST_EVENTS) unread = `It logged more than ${MOST_EVENTS} times.`;
    for (const { index, data } of logged.slice(0, MOST_EVENTS)) {
      const event = readEvent(read, data);
      if (event === 'unread') unread = `What it logged as number ${index} is no event that the IDL knows.`;
      else if (names.length === 0 || (event && names.includes(event.name)))
        items.push({
          key: `${transaction.signature}:${index}`,
          item: itemOf(transaction, { program, index, data, event }),
        });
    }
    return { items, unread };
  },
  together: (first) => first,
  early: (item) => item,
  retracted: () => {
    throw new Error('Events are looked for in what is final.');
  },
});

function readEvent(read: WantedEvents['read'], data: Uint8Array): DecodedData | null | 'unread' {
  return read === undefined ? null : (read(data) ?? 'unread');
}

const itemOf = (
  { signature, slot, blockTime, feePayer, signers }: DecodedTransaction,
  found: {
    readonly program: string;
    readonly index: number;
    readonly data: Buffer;
    readonly event: DecodedData | null;
  },
): EventItem => ({
  ...{ program: found.program, name: found.event?.name ?? null, data: found.event?.value ?? null },
  ...{ raw: found.data.toString('base64'), index: found.index, signature, slot, blockTime, feePayer, signers },
});
