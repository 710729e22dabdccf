import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

/** A message of the mailbox. */
export interface StoredMessage {
  readonly uid: number;
  readonly source: Buffer;
  readonly receivedAt: Date;
}

/** A mail server with one mailbox, INBOX, as far as a client needs it that reads (RFC 3501). */
export interface ImapServer {
  readonly port: number;
  messages: StoredMessage[];
  validity: number;
  uidNext: number;
  /** Open connections, and the most there ever were at a time. */
  readonly connections: { now: number; most: number };
  readonly commands: string[];
  /** Adds a message as if it had just arrived. */
  add(source: string, receivedAt?: Date): void;
  /** Numbers the mailbox again, the messages in another order. */
  renumber(): void;
  close(): Promise<void>;
}

export const PASSWORD = 'very-secret-password';

/** Starts the server on loopback. @param port one that was used before, to come back under the same address */
export async function imapServer(port = 0): Promise<ImapServer> {
  const sockets = new Set<Socket>();
  const net: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    state.connections.now += 1;
    state.connections.most = Math.max(state.connections.most, state.connections.now);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      state.connections.now -= 1;
    });
    serve(state, socket);
  });
  await new Promise<void>((resolve) => net.listen(port, '127.0.0.1', resolve));
  const state: ImapServer = {
    port: (net.address() as AddressInfo).port,
    messages: [],
    validity: 1_000,
    uidNext: 1,
    connections: { now: 0, most: 0 },
    commands: [],
    add(source, receivedAt = new Date()) {
      state.messages.push({ uid: state.uidNext, source: Buffer.from(source.replaceAll('\n', '\r\n')), receivedAt });
      state.uidNext += 1;
    },
    renumber() {
      state.validity += 1;
      state.messages = state.messages.toReversed().map((message, index) => ({ ...message, uid: index + 101 }));
      state.uidNext = 101 + state.messages.length;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => net.close(() => resolve()));
    },
  };
  return state;
}

function serve(state: ImapServer, socket: Socket): void {
  const send = (line: string | Buffer): void => void socket.write(line);
  send('* OK [CAPABILITY IMAP4rev1] ready\r\n');
  let buffered = '';
  socket.on('data', (chunk) => {
    buffered += chunk.toString('latin1');
    for (let end = buffered.indexOf('\r\n'); end >= 0; end = buffered.indexOf('\r\n')) {
      const line = buffered.slice(0, end);
      buffered = buffered.slice(end + 2);
      state.commands.push(line);
      answer(state, send, line);
      if (/^\S+ LOGOUT/i.test(line)) socket.end();
    }
  });
}

function answer(state: ImapServer, send: (line: string | Buffer) => void, line: string): void {
  const [tag = '', ...rest] = line.split(' ');
  const text = rest.join(' ');
  const ok = (note = 'done') => send(`${tag} OK ${note}\r\n`);
  if (/^CAPABILITY/i.test(text)) send('* CAPABILITY IMAP4rev1\r\n');
  else if (/^LOGIN/i.test(text)) {
    if (!text.includes(PASSWORD)) return send(`${tag} NO [AUTHENTICATIONFAILED] wrong user or password\r\n`);
  } else if (/^LIST "" ""$/i.test(text)) send('* LIST (\\Noselect) "/" ""\r\n');
  else if (/^(LIST|LSUB)/i.test(text)) send('* LIST (\\HasNoChildren) "/" INBOX\r\n');
  else if (/^(EXAMINE|SELECT)/i.test(text)) {
    if (!/^\w+ "?INBOX"?$/i.test(text)) return send(`${tag} NO [NONEXISTENT] no such mailbox\r\n`);
    send(`* ${state.messages.length} EXISTS\r\n* FLAGS (\\Seen)\r\n`);
    send(`* OK [UIDVALIDITY ${state.validity}] .\r\n* OK [UIDNEXT ${state.uidNext}] .\r\n`);
    return ok('[READ-ONLY] opened');
  } else if (/^UID SEARCH/i.test(text)) search(state, send, text);
  else if (/^(UID )?FETCH/i.test(text)) fetch(state, send, text);
  else if (/^LOGOUT/i.test(text)) send('* BYE\r\n');
  ok();
}

/** As RFC 3501 says, `n:*` names the last message even if its number is below n. */
function numbered(range: string, last: number): (number: number) => boolean {
  const spans = range.split(',').map((span) => span.split(':').map((end) => (end === '*' ? last : Number(end))));
  return (number) => spans.some((ends) => number >= Math.min(...ends) && number <= Math.max(...ends));
}

function search(state: ImapServer, send: (line: string) => void, text: string): void {
  const [, range = '1:*'] = /UID (\d+:\S+|\d+)$/i.exec(text) ?? [];
  const [, since] = /SINCE "?([\w-]+)"?/i.exec(text) ?? [];
  const isWanted = numbered(range, state.messages.at(-1)?.uid ?? 0);
  const from = since === undefined ? 0 : Date.parse(`${since.replaceAll('-', ' ')} UTC`);
  const found = state.messages
    .filter(({ uid, receivedAt }) => isWanted(uid) && receivedAt.getTime() >= from)
    .map(({ uid }) => uid);
  send(`* SEARCH ${found.join(' ')}\r\n`);
}

function fetch(state: ImapServer, send: (line: string | Buffer) => void, text: string): void {
  const [, byUid, range = '', items = ''] = /^(UID )?FETCH (\S+) (.*)$/i.exec(text) ?? [];
  const isWanted = numbered(range, byUid ? (state.messages.at(-1)?.uid ?? 0) : state.messages.length);
  state.messages.forEach((message, index) => {
    if (isWanted(byUid ? message.uid : index + 1)) send(fetched(message, index + 1, items));
  });
}

function fetched({ uid, source, receivedAt }: StoredMessage, sequence: number, items: string): Buffer {
  const parts: Buffer[] = [Buffer.from(`* ${sequence} FETCH (UID ${uid} FLAGS () RFC822.SIZE ${source.byteLength}`)];
  const date = receivedAt.toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/, '$1-$2-$3 $4 +0000');
  parts.push(Buffer.from(` INTERNALDATE "${date}"`));
  const literal = (name: string, bytes: Buffer) => parts.push(Buffer.from(` ${name} {${bytes.byteLength}}\r\n`), bytes);
  const [, fields] = /BODY\.PEEK\[HEADER\.FIELDS \(([^)]*)\)\]/i.exec(items) ?? [];
  if (fields !== undefined) {
    const [, id = ''] = /^(message-id:[^\r\n]*\r\n)/im.exec(source.toString('latin1')) ?? [];
    literal(`BODY[HEADER.FIELDS (${fields})]`, Buffer.from(`${id}\r\n`));
  }
  const [, part] = /BODY\.PEEK\[\](?:<0\.(\d+)>)?/i.exec(items.replace(/HEADER\.FIELDS \([^)]*\)/i, 'x')) ?? [
    undefined,
    '',
  ];
  if (/BODY\.PEEK\[\]/i.test(items)) {
    if (part) literal('BODY[]<0>', source.subarray(0, Number(part)));
    else literal('BODY[]', source);
  }
  return Buffer.concat([...parts, Buffer.from(')\r\n')]);
}
