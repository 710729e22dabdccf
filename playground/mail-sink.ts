import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { MAX_MAIL_BYTES, MAX_RECIPIENTS } from './limits.ts';
import { type Content, readMail } from './mime.ts';

/** A mail as the sink stores it: enough to see what was sent to whom. */
export interface Mail extends Content {
  readonly from: string;
  /** Envelope recipients. */
  readonly to: readonly string[];
}

/**
 * Starts an SMTP server that delivers nothing. Each mail goes to `onMail` before the sender is told that it was
 * accepted, so every accepted mail is recorded. No TLS, any user: for loopback only.
 *
 * @param options.port 0 picks a free port; the result says which one.
 * @throws if the port is taken (`EADDRINUSE`).
 */
export async function startMailSink(options: {
  port: number;
  host?: string;
  onMail: (mail: Mail) => void | Promise<void>;
}): Promise<{ port: number; close(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    size: MAX_MAIL_BYTES,
    disableReverseLookup: true,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anyone' }),
    onRcptTo: (_address, session, done) =>
      done(session.envelope.rcptTo.length < MAX_RECIPIENTS ? null : refusal(452, 'Too many recipients')),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      // What is too large is read to its end, so that the sender learns why, but it is not kept.
      stream.on('data', (chunk: Buffer) => {
        if (stream.sizeExceeded) chunks.length = 0;
        else chunks.push(chunk);
      });
      stream.on('error', done);
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(refusal(552, 'Mail too large'));
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map((recipient) => recipient.address);
        const from = mailFrom ? mailFrom.address : '';
        const taken = options.onMail({ ...readMail(Buffer.concat(chunks).toString('latin1')), from, to });
        Promise.resolve(taken).then(() => done(), done);
      });
    },
  });
  // Without a listener, a client that hangs up mid-command would end the process.
  const failed = new Promise<never>((_, reject) => server.on('error', reject));
  failed.catch(() => undefined);
  const host = options.host ?? '127.0.0.1';
  await Promise.race([new Promise<void>((resolve) => server.listen(options.port, host, resolve)), failed]);
  const { port } = server.server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

const refusal = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });
