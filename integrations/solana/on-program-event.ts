import { z } from 'zod';
import type { Json } from '../../graph/json.ts';
import { defineTrigger } from '../define-trigger.ts';
import { NodeError } from '../error.ts';
import { json } from '../schema.ts';
import type { DecodedData } from './idl/decode.ts';
import { type EventItem, eventFinder, eventItem } from './listening/events/event-finder.ts';
import type { Place } from './listening/place.ts';
import { address } from './notation/fields.ts';

const NOTES = `
**What is an event.** What the program itself has logged as data (\`Program data:\`), as Anchor's \`emit!\` does, and what it has passed to itself in a call, as \`emit_cpi!\` does. Which program runs is told from the lines that the chain
writes when a program is called and when it ends, through all levels of calls, so that no other program can pass its own data off as an event; a call must have the event authority of the program as its
account, for which nobody else can sign, and come from the program itself. Transactions that failed have no events.

**With an IDL** of Anchor (of either format), the event has its name and its fields. \`events\` then leaves all but some names out. Data that the IDL does not know is
a dead letter, because the program may have been changed.

**What is promised** is what \`solana.transaction\` promises: each event of a final transaction starts one run, in the order of the chain, whatever is killed meanwhile.
\`trigger.key\` is the signature and the number of the event. Within a transaction, what was logged comes before what was passed in calls.

**Logs that were cut.** The chain keeps 10 KB of a transaction's log. What was logged before the cut fires; that there may have been more is listed among the dead letters of
the trigger (\`npx blok trigger dead-letters NAME ID\`). Events of \`emit_cpi!\` are never cut.

**Busy programs.** Each transaction of the program is read. One that has hundreds a second needs a provider that answers as many calls.
`.trim();

/** Fires for each event of a program. */
export const onProgramEvent = defineTrigger({
  type: 'solana.programEvent',
  title: 'Event of a program',
  description:
    'Fires once for each event that a program logs or passes to itself, as programs written with Anchor do, decoded by their IDL.',
  connection: { type: 'solana-rpc', required: true },
  with: z
    .strictObject({
      program: address().describe('Address of the program.'),
      idl: json().optional().describe('The IDL of Anchor, as an object or as text. Without it, events come as bytes.'),
      events: z
        .array(z.string().min(1).max(200))
        .max(100)
        .default([])
        .describe('Only events of these names, as the IDL writes them; all if there are none.'),
    })
    .refine(({ events, idl }) => events.length === 0 || idl !== undefined, {
      path: ['events'],
      error: 'needs an idl: without one, events have no names',
    }),
  item: eventItem,
  every: '15s',
  inOrder: true,
  examples: [{ title: 'What a program logs', with: { program: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU' } }],
  errors: {
    'input.invalid': 'The IDL cannot be read.',
    'solana.wrongCluster': 'The providers show another chain than the connection names, or than the watch began with.',
    'solana.inconsistent': 'A provider lists transactions in pages that do not fit together.',
    'solana.forgotten':
      'A provider may have thrown away what follows the place of the watch, and another one cannot be asked now. The watch stays there.',
    'solana.behind': 'All providers are more than an hour behind what was seen before. The watch stays where it is.',
    'solana.<status>': 'The provider answered with that status of HTTP.',
    'rate.limited': 'The rate limit of the connection allows no call for more than a minute.',
  },
  notes: NOTES,
  watches: ({ program }) => program,
  async listen(ctx, { with: { program }, hint }) {
    const { mentions, subscribe } = await import('./listening/hints.ts');
    return subscribe(ctx, { to: [mentions(program, 'finalized')], hint });
  },
  async poll(ctx, request) {
    const { watchHistory } = await import('./listening/watch-history.ts');
    const { program, idl, events } = request.with;
    const { eventAuthorityOf } = await import('./listening/events/passed-events.ts');
    const authority = await eventAuthorityOf(program);
    const read = idl === undefined ? {} : { read: await readerOf(idl, events) };
    const finder = eventFinder({ names: events, authority, ...read });
    const watched = {
      ...({ addresses: [program], tokens: 'none', commitment: 'finalized', finder } as const),
      slotOf: ({ slot }: EventItem) => Number(slot),
    };
    return watchHistory(ctx, { ...request, with: watched, cursor: request.cursor as Place | null });
  },
});

/** Reads events by an IDL. @throws NodeError `input.invalid` if it cannot be read, or has no event of a name */
async function readerOf(written: Json, names: readonly string[]): Promise<(data: Uint8Array) => DecodedData | null> {
  const { readIdl } = await import('./idl/read-idl.ts');
  const { decodeEvent } = await import('./idl/decode.ts');
  const idl = readIdl(written);
  const missing = names.find((name) => !idl.events.some((event) => event.name === name));
  if (missing !== undefined)
    throw new NodeError(
      'input.invalid',
      `events: the IDL has no event "${missing}". It has ${idl.events.map(({ name }) => name).join(', ') || 'none'}.`,
    );
  return (data) => decodeEvent(idl, data);
}
