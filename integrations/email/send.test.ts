import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpenConnection } from '../context.ts';
import { createNetwork } from '../network/network.ts';
import { testCertificate } from '../testing/certificate.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { smtp } from './connection.ts';
import { send } from './send.ts';

const open: { close(done?: () => void): unknown }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise<void>((resolve) => void server.close(() => resolve()));
});

interface Mail {
  from: string;
  to: string[];
  text: string;
}

const refusal = (code: number, message: string) => Object.assign(new Error(message), { responseCode: code });

/** A real SMTP server that keeps what it gets. */
async function mailServer(options: SMTPServerOptions = {}) {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
        });
        done(null, 'taken as 7');
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return { mails, port: (server.server.address() as AddressInfo).port };
}

/** A server that follows a script: its answer to the nth line, or null to hang up. */
async function scriptedServer(answer: (line: string) => string | null) {
  const server: Server = createServer((socket) => {
    let data = '';
    let inBody = false;
    socket.on('error', () => {});
    socket.write('220 scripted\r\n');
    socket.on('data', (chunk) => {
      data += chunk;
      for (let end = data.indexOf('\r\n'); end !== -1; end = data.indexOf('\r\n')) {
        const line = data.slice(0, end);
        data = data.slice(end + 2);
        if (inBody && line !== '.') continue;
        const reply = answer(line);
        inBody = reply?.startsWith('354') ?? false;
        if (reply === null) return void socket.destroy();
        socket.write(`${reply}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return (server.address() as AddressInfo).port;
}

const connection = (port: number, data: object = {}): OpenConnection => ({
  name: 'mail',
  type: 'smtp',
  data: { host: '127.0.0.1', port, from: 'Blok <blok@example.com>', ...data },
  hosts: [],
});
const contextOf = (port: number, data: object = {}) => fakeContext({ connection: connection(port, data) });
const hello = { to: 'ann@example.com', subject: 'Grüße', text: 'Hallo Änn' };
const login = { user: 'ann', password: 'very-secret-password' };

describe('email.send', () => {
  it('sends text, HTML and every kind of attachment to everybody', async () => {
    const { mails, port } = await mailServer();
    const ctx = contextOf(port);
    await ctx.files.write('r/today.csv', Buffer.from('a,b\n'), 'text/csv');
    const blob = await ctx.blobs.put(Buffer.from('from-blob'));
    const output = await runNode(send, ctx, {
      ...hello,
      to: ['Ann <ann@example.com>', 'bob@example.com'],
      cc: 'cc@example.com',
      bcc: 'hidden@example.com',
      replyTo: 'answers@example.com',
      html: '<p>Hallo</p>',
      headers: { 'List-Unsubscribe': '<mailto:off@example.com>' },
      attachments: [
        { path: 'r/today.csv' },
        { base64: 'aGk=', filename: 'hi.bin' },
        { blob, filename: 'b.txt', contentType: 'text/plain' },
      ],
    });
    expect(output.accepted).toEqual(['ann@example.com', 'bob@example.com', 'cc@example.com', 'hidden@example.com']);
    expect(output.response).toContain('taken as 7');
    const [mail] = mails;
    expect(mail).toMatchObject({ from: 'blok@example.com', to: output.accepted });
    expect(mail?.text).toContain('From: Blok <blok@example.com>');
    expect(mail?.text).toContain(`Message-ID: ${output.messageId}`);
    expect(mail?.text).toContain('Reply-To: answers@example.com');
    expect(mail?.text).toContain('List-Unsubscribe: <mailto:off@example.com>');
    expect(mail?.text).toMatch(/Content-Type: text\/csv; name=today.csv/);
    expect(mail?.text).toContain(Buffer.from('from-blob').toString('base64'));
    expect(mail?.text).not.toContain('hidden@');
  });

  it('gives every attempt of a step the same Message-ID, and every step its own', async () => {
    const { mails, port } = await mailServer();
    const first = await runNode(send, contextOf(port), hello);
    const again = await runNode(send, contextOf(port), hello);
    const other = await runNode(send, fakeContext({ connection: connection(port), idempotencyKey: 'other' }), hello);
    expect(again.messageId).toBe(first.messageId);
    expect(other.messageId).not.toBe(first.messageId);
    expect(first.messageId).toMatch(/^<[0-9a-f]{40}@example\.com>$/);
    expect(mails.length).toBe(3);
  });

  it('lists refused recipients, and fails if all are refused', async () => {
    const { port } = await mailServer({
      onRcptTo: ({ address }, _session, done) => done(address.startsWith('no') ? refusal(550, 'no such user') : null),
    });
    expect(await runNode(send, contextOf(port), { ...hello, to: ['ann@example.com', 'no@example.com'] })).toMatchObject(
      {
        accepted: ['ann@example.com'],
        rejected: ['no@example.com'],
      },
    );
    const error = await failure(runNode(send, contextOf(port), { ...hello, to: 'no@example.com' }));
    expect(error).toMatchObject({ code: 'smtp.550', retryable: false, unknown: false });
    expect(error.message).toContain('no such user');
  });

  it('retries what the server refuses for now, not what it refuses for good', async () => {
    const refusing = async (code: number, at: 'onMailFrom' | 'onConnect') => {
      const { port } = await mailServer({
        [at]: (...args: unknown[]) => (args.at(-1) as (e: Error) => void)(refusal(code, 'refused')),
      });
      return failure(runNode(send, contextOf(port), hello));
    };
    expect(await refusing(421, 'onMailFrom')).toMatchObject({ code: 'smtp.421', retryable: true, unknown: false });
    expect(await refusing(421, 'onConnect')).toMatchObject({ code: 'smtp.421', retryable: true });
    expect(await refusing(451, 'onMailFrom')).toMatchObject({ code: 'smtp.451', retryable: true });
    expect(await refusing(554, 'onMailFrom')).toMatchObject({ code: 'smtp.554', retryable: false });
  });

  it('classifies the answer to the message itself', async () => {
    const answering = async (code: number) => {
      const { port } = await mailServer({
        onData(stream, _session, done) {
          stream.resume();
          stream.on('end', () => done(refusal(code, 'not this one')));
        },
      });
      return failure(runNode(send, contextOf(port), hello));
    };
    expect(await answering(452)).toMatchObject({ code: 'smtp.452', retryable: true, unknown: false });
    expect(await answering(552)).toMatchObject({ code: 'smtp.552', retryable: false, unknown: false });
  });

  it('distinguishes a message that may have arrived from one that cannot have arrived', async () => {
    const usual = (line: string) => (/^EHLO/.test(line) ? '250 scripted' : line === 'DATA' ? '354 go' : '250 ok');
    const afterData = await scriptedServer((line) => (line === '.' ? null : usual(line)));
    expect(await failure(runNode(send, contextOf(afterData), hello))).toMatchObject({
      code: 'smtp.unanswered',
      unknown: true,
      retryable: false,
    });
    const beforeData = await scriptedServer((line) => (line === 'DATA' ? null : usual(line)));
    expect(await failure(runNode(send, contextOf(beforeData), hello))).toMatchObject({
      code: 'smtp.network',
      unknown: false,
      retryable: true,
    });
    const nothing = createServer();
    await new Promise<void>((resolve) => nothing.listen(0, '127.0.0.1', resolve));
    const { port } = nothing.address() as AddressInfo;
    await new Promise((resolve) => nothing.close(resolve));
    expect(await failure(runNode(send, contextOf(port), hello))).toMatchObject({
      code: 'smtp.network',
      retryable: true,
    });
  });

  it('logs in, and says so when it cannot, without the password', async () => {
    const { mails, port } = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        password === login.password ? done(null, { user: username ?? '' }) : done(refusal(535, 'bad credentials')),
    });
    await runNode(send, contextOf(port, login), hello);
    expect(mails.length).toBe(1);
    const error = await failure(runNode(send, contextOf(port, { user: 'ann', password: 'very-secret-other' }), hello));
    expect(error).toMatchObject({ code: 'smtp.auth', retryable: false });
    expect(JSON.stringify([error.message, error.details])).not.toContain('very-secret');
    const without = await failure(runNode(send, contextOf(port), hello));
    expect(without).toMatchObject({ code: 'smtp.530', retryable: false });
  });

  it('stops when the step is cancelled', async () => {
    const controller = new AbortController();
    const port = await scriptedServer((line) => {
      if (line.startsWith('MAIL')) controller.abort(new Error('cancelled by test'));
      return line.startsWith('MAIL') ? '' : '250 ok';
    });
    const ctx = fakeContext({ connection: connection(port), signal: controller.signal });
    await expect(runNode(send, ctx, hello)).rejects.toThrow('cancelled by test');
  });
});

describe('email.send: TLS and hosts', () => {
  const { key, cert } = testCertificate('mail.example');
  const lookup = async () => [{ address: '127.0.0.1', family: 4 as const }];
  const network = createNetwork({ allow: ['*.example'], lookup });
  /** Servers written as loopback addresses are exempt from certificates. These names lead there, but are not exempt. */
  const runOn = async (ca: string[], overrides: object) => {
    const before = getCACertificates('default');
    setDefaultCACertificates([...before, ...ca]);
    try {
      return await runNode(send, fakeContext(overrides), hello);
    } finally {
      setDefaultCACertificates(before);
    }
  };

  it('is guarded and bound to its host', async () => {
    const guarded = fakeContext({ connection: connection(2525, { host: '10.0.0.1' }) });
    expect((await failure(runNode(send, guarded, hello))).code).toBe('network.forbidden');
    const bound = fakeContext({ connection: { ...connection(2525), hosts: ['smtp.example.com'] } });
    expect((await failure(runNode(send, bound, hello))).code).toBe('connection.host');
    expect((await failure(runNode(send, fakeContext(), hello))).code).toBe('connection.missing');
  });

  it.each([true, false])('speaks TLS (from the start: %s), and sends the password only through it', async (secure) => {
    const sessions: boolean[] = [];
    const { mails, port } = await mailServer({
      secure,
      key,
      cert,
      disabledCommands: [],
      authOptional: false,
      onAuth: ({ username }, session, done) => {
        sessions.push(session.secure);
        done(null, { user: username ?? '' });
      },
    });
    await runNode(send, contextOf(port, { secure, ...login }), hello);
    expect(mails.length).toBe(1);
    expect(sessions).toEqual([true]);
  });

  it('checks the certificate for the name of the server when the server is elsewhere', async () => {
    const { mails, port } = await mailServer({
      secure: true,
      key,
      cert,
      onAuth: (_auth, _session, done) => done(null, { user: 'ann' }),
    });
    const elsewhere = (host: string, ca: string[]) =>
      runOn(ca, { network, connection: connection(port, { host, secure: true, ...login }) });
    expect((await failure(elsewhere('mail.example', []))).code).toBe('smtp.tls');
    expect((await failure(elsewhere('other.example', [cert]))).code).toBe('smtp.tls');
    await elsewhere('mail.example', [cert]);
    expect(mails.length).toBe(1);
  });

  it.each([true, false])(
    'trusts the authority in the connection (from the start: %s), and checks it',
    async (secure) => {
      const { mails, port } = await mailServer({ secure, key, cert, disabledCommands: [] });
      const trusting = (data: object, host = 'mail.example') =>
        runNode(send, fakeContext({ network, connection: connection(port, { host, secure, ...data }) }), hello);
      await trusting({ ca: cert });
      expect(mails.length).toBe(1);
      const wrongName = await failure(trusting({ ca: cert }, 'other.example'));
      expect(wrongName.code).toBe('smtp.tls');
      expect(wrongName.message).toContain('is not for other.example, but for DNS:mail.example');
      const stranger = await failure(trusting({ ca: testCertificate('mail.example').cert }));
      expect(stranger.message).toContain('does not come from the authority in the field "ca" of the connection "mail"');
      const unknown = await failure(trusting({ ...login }));
      expect(unknown).toMatchObject({ code: 'smtp.tls', retryable: false, unknown: false });
      expect(unknown.message).toContain('into the field "ca" of the connection "mail"');
      expect(unknown.message).not.toMatch(/node|root CA|--/i);
      expect((await failure(trusting({ ca: cert.replace(/\n.{20}/, '\n') }))).code).toBe('connection.invalid');
    },
  );

  it('asks for TLS when an authority is named, although there is no password', async () => {
    const { mails, port } = await mailServer();
    const plain = fakeContext({ network, connection: connection(port, { host: 'mail.example', ca: cert }) });
    expect((await failure(runNode(send, plain, hello))).code).toBe('smtp.tls');
    expect(mails).toEqual([]);
  });

  it.each([true, false])(
    'shows a client certificate (from the start: %s), and says when it is missing',
    async (secure) => {
      const client = testCertificate('client.example');
      const names: unknown[] = [];
      const { port } = await mailServer({
        secure,
        key,
        cert,
        disabledCommands: [],
        requestCert: true,
        rejectUnauthorized: true,
        ca: client.cert,
        onSecure: (socket, _session, done) => {
          names.push((socket as TLSSocket).getPeerCertificate().subject.CN);
          done();
        },
      });
      const showing = (data: object) =>
        runNode(
          send,
          fakeContext({ network, connection: connection(port, { host: 'mail.example', secure, ca: cert, ...data }) }),
          hello,
        );
      await showing({ cert: client.cert, key: client.key });
      expect(names).toEqual(['client.example']);
      const missing = await failure(showing({}));
      expect(missing).toMatchObject({ code: 'smtp.tls', retryable: false });
      expect(missing.message).toContain('"cert" and "key" of the connection "mail"');
    },
  );

  it('never sends a password in the clear to a server elsewhere', async () => {
    const lines: string[] = [];
    const port = await scriptedServer((line) => {
      lines.push(line);
      return /^EHLO/.test(line) ? '250-scripted\r\n250 AUTH PLAIN LOGIN' : '500 no';
    });
    const error = await failure(
      runOn([], { network, connection: connection(port, { host: 'mail.example', ...login }) }),
    );
    expect(error.code).toBe('smtp.tls');
    expect(lines.join()).not.toContain('AUTH');
  });
});

describe('email.send: parameters', () => {
  it.each(['nobody', 'a@b>\r\nRCPT TO:<x@y>', '', '@example.com', 'Ann <ann>'])(
    'refuses the address %j',
    async (to) => {
      const parsed = send.input.safeParse({ ...hello, to });
      if (!parsed.success) return;
      expect((await failure(runNode(send, contextOf(1), { ...hello, to }))).code).toBe('smtp.address');
    },
  );

  it('refuses headers of its own, line breaks, two contents and no body', () => {
    const ok = (input: object) => send.input.safeParse({ ...hello, ...input }).success;
    expect(ok({})).toBe(true);
    expect(ok({ headers: { Bcc: 'x@y.example' } })).toBe(false);
    expect(ok({ headers: { 'X-A': 'b\r\nBcc: x@y.example' } })).toBe(false);
    expect(ok({ attachments: [{ text: 'a', path: 'b' }] })).toBe(false);
    expect(ok({ text: undefined })).toBe(false);
  });

  it('never lets a subject or name become a header', async () => {
    const { mails, port } = await mailServer();
    await runNode(send, contextOf(port), { ...hello, subject: 'a\r\nX-Evil: 1', to: '"X-Evil: 1" <ann@example.com>' });
    expect(mails[0]?.text).toContain('Subject: a');
    expect(mails[0]?.text).not.toMatch(/^X-Evil/m);
  });

  it('says which attachment is missing, and needs a sender', async () => {
    const missing = await failure(runNode(send, contextOf(1), { ...hello, attachments: [{ path: 'none' }] }));
    expect(missing.code).toBe('file.notFound');
    expect((await failure(runNode(send, contextOf(1, { from: undefined }), hello))).code).toBe('smtp.from');
  });

  it('tests a connection without sending anything', async () => {
    const { mails, port } = await mailServer();
    const ctx = { network: createNetwork({ allow: ['127.0.0.1'] }), signal: new AbortController().signal, hosts: [] };
    const data = smtp.fields.parse({ host: '127.0.0.1', port });
    expect(await smtp.test?.(ctx, data)).toEqual({ ok: true });
    expect(await smtp.test?.({ ...ctx, network: createNetwork({ allow: [] }) }, data)).toMatchObject({ ok: false });
    expect(mails).toEqual([]);
  });
});
