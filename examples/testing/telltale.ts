/** Servers that reveal what they were told in confidence. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** A service that sends the caller's credential back in every possible way. */
export interface Telltale {
  /** `host:port` of the HTTP server. */
  readonly http: string;
  readonly smtpPort: number;
  close(): Promise<void>;
}

/** Characters of an error body that an error's details keep; a credential across this limit is cut in two. */
const KEPT = 2_000;

/**
 * Starts both servers. HTTP: `/json`, `/text`, `/bytes`, `/large` answer 200 with the credential inside, `/refuse` and
 * `/refuse-late` answer 401 with it, as does everything below `/models`, in the words of providers of models, `/lead` redirects to an address with it, `/token` gives a token
 * that is the secret of the client. SMTP: lets in everybody
 * except `mallory`, and repeats the password.
 */
export async function startTelltale(): Promise<Telltale> {
  const http = createServer((request, response) => {
    const told = credentialOf(request);
    const { pathname } = new URL(request.url!, 'http://x');
    const headers = { 'x-debug': told, 'www-authenticate': `Basic realm="${told}"`, 'set-cookie': `c=${told}` };
    const json = { told, headers: request.headers, url: request.url };
    const send = (status: number, type: string, body: string | Buffer) =>
      response.writeHead(status, { 'content-type': type, ...headers }).end(body);
    if (pathname === '/token') void giveToken(request, response);
    else if (pathname.startsWith('/models')) send(401, 'application/json', modelRefusal(told));
    else if (pathname === '/text') send(200, 'text/plain', everyWay(told));
    else if (pathname === '/bytes') send(200, 'application/octet-stream', Buffer.from(`\0\xff${everyWay(told)}`));
    else if (pathname === '/large') send(200, 'application/json', JSON.stringify([json, 'x'.repeat(50_000)]));
    else if (pathname === '/refuse') send(401, 'application/json', JSON.stringify(json));
    else if (pathname === '/refuse-late') send(401, 'text/plain', `${'x'.repeat(KEPT - 20)} ${told} ${told}`);
    else if (pathname === '/lead')
      response.writeHead(302, { location: `/json?to=${encodeURIComponent(told)}`, ...headers }).end();
    else send(200, 'application/json', JSON.stringify(json));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));

  let password = '';
  const smtp = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth(auth, _session, done) {
      password = auth.password ?? '';
      if (auth.username !== 'mallory') return done(null, { user: auth.username });
      done(Object.assign(new Error(`${password} is wrong`), { responseCode: 535 }));
    },
    onData(stream, _session, done) {
      stream.resume();
      // The answer to a message is the text of the error, because a success has no text of its own.
      stream.on('end', () => done(null, `queued for ${password}`));
    },
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  return {
    http: `127.0.0.1:${(http.address() as AddressInfo).port}`,
    smtpPort: (smtp.server.address() as AddressInfo).port,
    async close() {
      http.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => smtp.close(resolve));
    },
  };
}

/** The credential of the caller, wherever the request holds it. */
function credentialOf({ headers, url }: IncomingMessage): string {
  const query = new URL(url!, 'http://x').searchParams.get('key');
  return headers.authorization ?? String(headers['x-api-key'] ?? headers['x-goog-api-key'] ?? query ?? '');
}

/** The secret of the client, as the token that it gets. */
async function giveToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const secret = new URLSearchParams(await text(request)).get('client_secret');
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ access_token: secret, token_type: 'Bearer', expires_in: 3_600 }));
}

/** How OpenAI, Anthropic and Gemini refuse a key. */
const modelRefusal = (told: string): string =>
  JSON.stringify({ type: 'error', error: { type: 'authentication_error', code: 401, message: `${told} is no key` } });

function everyWay(told: string): string {
  const bytes = Buffer.from(told);
  return [told, encodeURIComponent(told), bytes.toString('base64'), bytes.toString('hex'), JSON.stringify(told)].join(
    '\n',
  );
}
