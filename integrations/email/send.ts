import { z } from 'zod';
import { contentFields, exactlyOne } from '../content.ts';
import { defineNode } from '../define.ts';

const NOTES = `
**At least once, rarely.** SMTP has no way to ask whether a message arrived. If the connection breaks after the whole message was handed over
and before the server answered, the node fails with \`smtp.unanswered\`, \`unknown: true\`, and is _not_ tried again: decide on its error port. A crash
of the worker in that moment does lead to a second attempt. Both carry the same \`Message-ID\`, so mailboxes that compare it show one.

**Some recipients refused.** If the server takes at least one recipient the node succeeds and lists the others in \`rejected\`; if it takes none the node fails.

**TLS.** Certificates are checked when the connection has a password, \`secure\` or \`ca\`. A password is never sent to a server without TLS unless the
connection says \`plainPassword\`; servers on the same machine are exempt. A server with a certificate of your own authority needs that
authority in the field \`ca\` of the connection; with \`ca\` or a client certificate (\`cert\`, \`key\`) TLS is always asked for.
`.trim();

const mailboxes = () => z.union([z.string().min(1).max(998), z.array(z.string().min(1).max(998)).max(100)]);

const attachment = () =>
  z
    .strictObject({
      path: z.string().optional().describe("Path of a file in the workspace's store."),
      ...contentFields(),
      filename: z.string().max(255).optional().describe('Name shown to the recipient; by default that of the file.'),
      contentType: z.string().max(200).optional().describe('Media type; by default from the file or its name.'),
      cid: z.string().max(200).optional().describe('Content id: `<img src="cid:…">` in the HTML shows it.'),
    })
    .refine(exactlyOne('path', 'text', 'base64', 'blob'), 'give exactly one of path, text, base64 and blob');

const header = () =>
  z
    .record(
      z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'must be a header name')
        .refine((name) => !OWN.test(name), 'is written by the node itself'),
      z
        .string()
        .max(5000)
        .regex(/^[^\r\n\0]*$/, 'must be one line'),
    )
    .describe('Further headers, such as `List-Unsubscribe`.');

/** Headers that say who, to whom and how; they have their own parameters. */
const OWN = /^(from|sender|to|cc|bcc|reply-to|subject|message-id|date|mime-version|content-.*|received|return-path)$/i;

const input = z
  .strictObject({
    to: mailboxes().describe('Recipients: `ann@example.com` or `Ann <ann@example.com>`, one or a list.'),
    cc: mailboxes().optional().describe('Recipients of a copy.'),
    bcc: mailboxes().optional().describe('Recipients of a copy that the others do not see.'),
    from: z.string().min(1).max(998).optional().describe('Sender. Absent: the one of the connection.'),
    replyTo: mailboxes().optional().describe('Where answers go.'),
    subject: z.string().max(998).describe('Subject.'),
    text: z.string().optional().describe('Body as plain text.'),
    html: z.string().optional().describe('Body as HTML. With `text` too, the reader chooses.'),
    attachments: z.array(attachment()).max(50).optional().describe('Files to attach, 25 MiB in all.'),
    headers: header().optional(),
  })
  .refine(({ text, html }) => text !== undefined || html !== undefined, 'give text, html or both');

const output = z.object({
  messageId: z.string().describe('`Message-ID` of the message, the same on every attempt.'),
  accepted: z.array(z.string()).describe('Recipients the server took.'),
  rejected: z.array(z.string()).describe('Recipients the server refused.'),
  response: z.string().describe("The server's last answer."),
});

/** Parameters of `email.send`, parsed. */
export type EmailInput = z.output<typeof input>;
/** What `email.send` returns. */
export type EmailOutput = z.output<typeof output>;

/** Sends a mail. */
export const send = defineNode({
  type: 'email.send',
  version: '1.0.0',
  title: 'Send an email',
  description:
    'Sends an email through an SMTP server: text, HTML or both, with attachments from files, references or data.',
  connection: { type: 'smtp', required: true },
  effect: 'at-least-once',
  timeout: '30m',
  retry: { maxAttempts: 6, delay: '5s', factor: 3, maxDelay: '5m', attemptTimeout: '2m' },
  input,
  output,
  examples: [
    { title: 'A short message', with: { to: 'ann@example.com', subject: 'Hello', text: 'Your order is on its way.' } },
    {
      title: 'A report with an attachment',
      with: {
        to: ['Ops <ops@example.com>', 'ann@example.com'],
        subject: 'Report of the day',
        text: 'See the attachment.',
        html: '<p>See the <b>attachment</b>.</p>',
        attachments: [{ path: 'reports/today.csv' }],
      },
    },
  ],
  errors: {
    'smtp.auth': 'The server refuses user and password, or offers no way to log in. Not retried.',
    'smtp.4xx': 'The server refuses for now, as `smtp.421`, `smtp.450` …. Retried.',
    'smtp.5xx': 'The server refuses for good, as `smtp.550` …. Not retried.',
    'smtp.unanswered':
      'The message was handed over and the answer was lost: it may be sent. Not retried, `unknown: true`.',
    'smtp.network': 'The server could not be reached, or broke off before the message was handed over. Retried.',
    'smtp.timeout': 'The server was too slow. Retried.',
    'smtp.tls':
      'No secure connection, or a certificate that does not fit. The message names the field of the connection that mends it.',
    'smtp.address': 'A sender or recipient is no mail address.',
    'smtp.from': 'Neither the message nor the connection has a sender.',
    'smtp.tooLarge': 'The message is larger than 25 MiB.',
    'file.notFound': 'A file to attach does not exist.',
  },
  notes: NOTES,
  async run(ctx, input) {
    const { sendMail } = await import('./send-mail.ts');
    return sendMail(ctx, input);
  },
});
