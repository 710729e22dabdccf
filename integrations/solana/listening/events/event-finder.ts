import { z } from 'zod';
import { json } from '../../../schema.ts';
import type { DecodedTransaction } from '../../chain/transactions/decoded.ts';
import type { DecodedData } from '../../idl/decode.ts';
import type { Finder } from '../finder.ts';
import { passedEvents } from './passed-events.ts';
import { programLog } from './program-logs.ts';

/** What `solana.programEvent` fires with. */
export const eventItem = z.object({
  program: z.string().describe('Address of the program.'),
  name: z.string().nullable().describe('Name of the event in the IDL; null without one.'),
  data: json().describe('What the event holds, by the IDL; null without one.'),
  raw: z.string().describe('The bytes of the event, in base64.'),
  emitted: z
    .enum(['log', 'call'])
    .describe('`log`: the program logged it (`emit!`). `call`: it passed it to itself in a call (`emit_cpi!`).'),
  index: z
    .int()
    .describe(
      'Its place, from 0 on: among what the program logged in the transaction, or of the call among all instructions.',
    ),
  signature: z.string().describe('Signature of the transaction.'),
  slot: z.string().nullable().describe('Where it landed.'),
  blockTime: z.string().nullable().describe('When, as an ISO time; null if the provider does not know it.'),
  feePayer: z.string().nullable().describe('Who paid for the transaction.'),
  signers: z.array(z.string()).describe('Who signed it, the fee payer first.'),
});

export type EventItem = z.input<typeof eventItem>;

/** Which events of a program are wanted, and how to read them. */
export interface WantedEvents {
  /** The account that signs the calls in which the program passes events to itself. */
  readonly authority: string;
  /** Names of the IDL; all if there are none. */
  readonly names: readonly string[];
  /** Reads what a program has logged; absent: it is given as it is. @returns null for what the IDL does not know */
  readonly read?: (data: Uint8Array) => DecodedData | null;
}

/** A log of the largest size holds fewer events of Anchor. */
const MOST_EVENTS = 350;

/** An event, before it is read. */
interface Emitted {
  readonly emitted: EventItem['emitted'];
  readonly index: number;
  readonly data: Buffer;
}

/** Finds the events that a program has logged itself, and behind them those that it has passed to itself. */
export const eventFinder = ({ names, authority, read }: WantedEvents): Finder<EventItem> => ({
  // A transaction that failed has changed nothing, whatever it logged before.
  counts: (failed) => !failed,
  find: (transaction, program) => {
    const { logged, cut } = programLog(transaction.logs, program);
    const all: Emitted[] = [
      ...logged.map((one) => ({ ...one, emitted: 'log' as const })),
      ...passedEvents(transaction.instructions, { program, authority }).map((one) => ({
        ...one,
        emitted: 'call' as const,
      })),
    ];
    const items: { key: string; item: EventItem }[] = [];
    let unread = cut ?? (transaction.logsCut ? 'The log is longer than what Blok reads of it.' : null);
    if (all.length > MOST_EVENTS) unread = `It has more than ${MOST_EVENTS} events.`;
    for (const one of all.slice(0, MOST_EVENTS)) {
      const event = readEvent(read, one.data);
      if (event === 'unread')
        unread = `What it ${WORDS[one.emitted]} as number ${one.index} is no event that the IDL knows.`;
      else if (names.length === 0 || (event && names.includes(event.name)))
        items.push({ key: keyOf(transaction, one), item: itemOf(transaction, { ...one, program, event }) });
    }
    return { items, unread };
  },
  together: (first) => first,
  early: (item) => item,
  retracted: () => {
    throw new Error('Events are looked for in what is final.');
  },
});

const WORDS: Readonly<Record<EventItem['emitted'], string>> = { log: 'logged', call: 'passed to itself' };

const keyOf = ({ signature }: DecodedTransaction, { emitted, index }: Emitted): string =>
  emitted === 'log' ? `${signature}:${index}` : `${signature}:call:${index}`;

function readEvent(read: WantedEvents['read'], data: Uint8Array): DecodedData | null | 'unread' {
  return read === undefined ? null : (read(data) ?? 'unread');
}

const itemOf = (
  { signature, slot, blockTime, feePayer, signers }: DecodedTransaction,
  found: Emitted & { readonly program: string; readonly event: DecodedData | null },
): EventItem => ({
  ...{ program: found.program, name: found.event?.name ?? null, data: found.event?.value ?? null },
  ...{
    raw: found.data.toString('base64'),
    emitted: found.emitted,
    index: found.index,
    signature,
    slot,
    blockTime,
    feePayer,
    signers,
  },
});
