import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createNetwork } from '../network/network.ts';
import { testCertificate } from '../testing/certificate.ts';
import { fields } from './connection-fields.ts';
import { speak } from './session.ts';

const network = createNetwork({ allow: ['127.0.0.1'], lookup: async () => [{ address: '127.0.0.1', family: 4 }] });
let server: SMTPServer;
let passwords: unknown[];

async function serve(options: object): Promise<number> {
  server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ password, username }, _session, done) => {
      passwords.push(password);
      done(null, { user: username ?? '' });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.server.address() as AddressInfo).port;
}
beforeEach(() => {
  passwords = [];
});
afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

/** How a login at a host ends. */
function login(data: object): Promise<string> {
  const smtp = fields.parse({ user: 'ann', password: 'my-password', ...data });
  const ctx = { network, signal: new AbortController().signal };
  return speak(ctx, { name: 'mail', type: 'smtp', data: smtp, hosts: [] }, smtp, null).then(
    () => 'logged in',
    (error) => error.code,
  );
}

const ELSEWHERE = ['mail.example', '127.mail.example', 'localhost.mail.example', '127.0.0.1.example'];

it.each(ELSEWHERE)('does not send the password to %s without TLS, whatever address the name has', async (host) => {
  expect(await login({ host, port: await serve({}) })).toBe('smtp.tls');
  expect(passwords).toEqual([]);
});

it.each(ELSEWHERE)('checks the certificate of %s', async (host) => {
  const { key, cert } = testCertificate(host);
  expect(await login({ host, secure: true, port: await serve({ secure: true, key, cert }) })).toBe('smtp.tls');
  expect(passwords).toEqual([]);
});

it.each(['127.0.0.1', 'localhost', 'LOCALHOST.'])('takes %s for this machine', async (host) => {
  expect(await login({ host, port: await serve({}) })).toBe('logged in');
  expect(passwords).toEqual(['my-password']);
});
