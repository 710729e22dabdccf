import { z } from 'zod';
import { contentFields, exactlyOne } from '../content.ts';

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

/** Headers for the sender, the recipients and the format. They have their own parameters. */
const OWN = /^(from|sender|to|cc|bcc|reply-to|subject|message-id|date|mime-version|content-.*|received|return-path)$/i;

/** Parameters of `email.send`. */
export const input = z
  .strictObject({
    to: mailboxes().describe('Recipients: `ann@example.com` or `Ann <ann@example.com>`, one or a list.'),
    cc: mailboxes().optional().describe('Recipients of a copy.'),
    bcc: mailboxes().optional().describe('Recipients of a blind copy, hidden from all other recipients.'),
    from: z.string().min(1).max(998).optional().describe('Sender. Default: the sender of the connection.'),
    replyTo: mailboxes().optional().describe('Where replies go.'),
    subject: z.string().max(998).describe('Subject.'),
    text: z.string().optional().describe('Body as plain text.'),
    html: z
      .string()
      .optional()
      .describe('Body as HTML. If `text` is given too, the mail program of the reader chooses.'),
    attachments: z.array(attachment()).max(50).optional().describe('Files to attach, 25 MiB in all.'),
    headers: header().optional(),
  })
  .refine(({ text, html }) => text !== undefined || html !== undefined, 'give text, html or both');

/** What `email.send` returns. */
export const output = z.object({
  messageId: z.string().describe('`Message-ID` of the message, the same on every attempt.'),
  accepted: z.array(z.string()).describe('Recipients the server accepted.'),
  rejected: z.array(z.string()).describe('Recipients the server refused.'),
  response: z.string().describe("The server's last answer."),
});

/** Parameters of `email.send`, parsed. */
export type EmailInput = z.output<typeof input>;
/** What `email.send` returns. */
export type EmailOutput = z.output<typeof output>;
