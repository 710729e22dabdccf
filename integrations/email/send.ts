import { defineNode } from '../define.ts';
import { input, output } from './input.ts';

const NOTES = `
**At least once, rarely.** SMTP has no way to ask whether a message arrived. If the connection breaks after the whole message was handed over
and before the server answered, the node fails with \`smtp.unanswered\`, \`unknown: true\`, and is _not_ tried again: decide on its error port. A crash
of the worker in that moment does lead to a second attempt. Both carry the same \`Message-ID\`, so mailboxes that compare it show one.

**Some recipients refused.** If the server takes at least one recipient the node succeeds and lists the others in \`rejected\`; if it takes none the node fails.

**TLS.** Certificates are checked when the connection has a password, \`secure\` or \`ca\`. A password is never sent to a server without TLS unless the
connection says \`plainPassword\`; servers on the same machine are exempt. A server with a certificate of your own authority needs that
authority in the field \`ca\` of the connection; with \`ca\` or a client certificate (\`cert\`, \`key\`) TLS is always asked for.
`.trim();

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
    'connection.invalid': 'A field of the connection cannot be used, such as a certificate that cannot be read.',
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
