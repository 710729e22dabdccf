import { z } from 'zod';
import { defineTrigger } from '../define-trigger.ts';
import { message } from './message.ts';
import type { MailCursor } from './new-messages.ts';

const NOTES = `
**What is new** is decided by the numbers that the server gives to messages (UIDVALIDITY and UID), never by dates, and not by whether a message was
read. The mailbox is opened for reading only: nothing is marked.

**If the server numbers the mailbox again** (another UIDVALIDITY), the messages of the last days are compared with the 1,000 that are remembered, by
their \`Message-ID\`, and without one by time and size. What is unknown and not more than an hour older than the newest known message is new.

**Looks.** Each look logs in, and logs out again, so there is at most one connection for each trigger. Messages arrive within \`every\`: the server is not
asked to call (IDLE).
`.trim();

/** Fires for each new message of a mailbox. */
export const onNewMessage = defineTrigger({
  type: 'imap.newMessage',
  title: 'New message in a mailbox',
  description: 'Fires once for each new message in a mailbox, with its texts, and its attachments as references.',
  connection: { type: 'imap', required: true },
  with: z.strictObject({
    mailbox: z
      .string()
      .min(1)
      .max(500)
      .default('INBOX')
      .describe('Name of the mailbox, such as `INBOX` or `Archive/2026`.'),
    maxBytes: z
      .int()
      .min(1_024)
      .max(52_428_800)
      .default(26_214_400)
      .describe('Largest message that is read whole. A larger one fires with its headers only.'),
  }),
  item: message,
  every: '1m',
  examples: [{ title: 'Mail to an inbox', with: { mailbox: 'INBOX' } }],
  errors: {
    'imap.auth': 'The server does not take user or password.',
    'imap.mailbox': 'There is no such mailbox, or it may not be read.',
    'imap.network': 'The server cannot be reached, or broke off.',
    'imap.refused': 'The server refuses a command; the message has its words.',
    'imap.tls': 'No secure connection, or a certificate that is not accepted.',
    'network.forbidden': 'The host is private, local or reserved, and the operator has not allowed it.',
  },
  notes: NOTES,
  watches: ({ mailbox }) => mailbox,
  async poll(ctx, request) {
    const { newMessages } = await import('./new-messages.ts');
    return newMessages(ctx, { ...request, cursor: request.cursor as MailCursor | null });
  },
});
