import { defineNode } from '../define.ts';
import { input, output } from './input.ts';

const NOTES = `
**At least once, rarely.** SMTP has no way to ask whether a message arrived. If the connection breaks after the whole message was handed over
and before the server answered, the node fails with \`smtp.unanswered\`, \`unknown: true\`, and is _not_ tried again: decide what to do on its error
port. A crash of the worker at that moment does lead to a second attempt. Both messages carry the same \`Message-ID\`, so mailboxes that compare
it show one message.

**Some recipients refused.** If the server accepts at least one recipient, the node succeeds and lists the others in \`rejected\`; if the server accepts
none, the node fails.

**TLS.** Certificates are checked when the connection has a password, \`secure\` or \`ca\`. A password is never sent to a server without TLS unless the
connection sets \`plainPassword\`; servers on the same machine are exempt. If your own authority signed the certificate of the server, put that
authority into the field \`ca\` of the connection; with \`ca\` or a client certificate (\`cert\`, \`key\`) TLS is always required.
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
    'smtp.auth': 'The server refuses the user and password, or offers no way to log in. Not retried.',
    'smtp.4xx': 'The server refuses for now: `smtp.421`, `smtp.450` and so on. Retried.',
    'smtp.5xx': 'The server refuses permanently: `smtp.550` and so on. Not retried.',
    'smtp.unanswered':
      'The message was handed over and the answer was lost: the message may have been sent. Not retried, `unknown: true`.',
    'smtp.network': 'The server could not be reached, or broke off before the message was handed over. Retried.',
    'smtp.timeout': 'The server was too slow. Retried.',
    'smtp.tls':
      'No secure connection, or a certificate that does not match. The message names the field of the connection that fixes it.',
    'connection.invalid': 'A field of the connection cannot be used, such as a certificate that cannot be read.',
    'smtp.address': 'A sender or recipient is not a mail address.',
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
