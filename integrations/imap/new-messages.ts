import type { FetchMessageObject, ImapFlow } from 'imapflow';
import type { PollContext } from '../context.ts';
import type { Polled, PolledItem, PollRequest } from '../define-trigger.ts';
import { NodeError } from '../error.ts';
import { openConnection } from '../open-connection.ts';
import { readSeen, type Seen, shortHash, writeSeen } from '../watching/seen.ts';
import { imapConnection } from './connection.ts';
import type { Message } from './message.ts';
import { readMessage } from './read-message.ts';
import { withSession } from './session.ts';

/** Where a watch of a mailbox is. */
export type MailCursor = {
  /** UIDVALIDITY: while it is the same, a number means the same message. */
  readonly validity: string;
  /** The first number that is new. */
  readonly next: number;
  /** Hashes of the last messages, by which they are recognised if all numbers change. */
  readonly known: Seen;
  /** When the server got the newest of them: epoch ms of the server's clock. */
  readonly newest: number;
  /** After such a change: numbers of the messages that are new although they are below `next`. */
  readonly left?: number[];
};

/** Messages that are remembered. */
const REMEMBERED = 1_000;

/** Messages of one look, and the bytes after which a look takes no more. */
const MOST = 50;
const MOST_BYTES = 25 * 1024 * 1024;

/** How much of a message that is too large is read, for its headers. */
const HEAD_BYTES = 65_536;

/** How far apart the server's clock may put messages that came one after the other. */
const SLACK_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Most messages that are looked at after all numbers have changed. */
const MOST_LEFT = 2_000;

interface Watched {
  readonly mailbox: string;
  readonly maxBytes: number;
}

/** Takes the messages of a mailbox that were not there before, in the order of their arrival. */
export async function newMessages(
  ctx: PollContext,
  { with: watched, cursor, from }: PollRequest<Watched, MailCursor>,
): Promise<Polled<Message, MailCursor>> {
  const { connection, data } = openConnection(ctx.connection, imapConnection);
  return withSession(ctx, connection, data, async (client) => {
    const { uidValidity, uidNext } = await open(client, watched.mailbox);
    const validity = String(uidValidity);
    if (cursor === null) {
      if (from === 'beginning') return take(ctx, client, watched, { validity, next: 1, known: '', newest: 0 });
      const last = await lastMessages(client);
      const known = writeSeen(last.toReversed().map(identityOf), new Set(), 0);
      return { items: [], cursor: { validity, next: uidNext, known, newest: newestOf(last, 0) } };
    }
    if (cursor.validity === validity) return take(ctx, client, watched, cursor);
    const left = await unknownMessages(client, cursor);
    return take(ctx, client, watched, { ...cursor, validity, next: uidNext, left });
  });
}

async function open(client: ImapFlow, mailbox: string) {
  try {
    return await client.mailboxOpen(mailbox, { readOnly: true });
  } catch (error) {
    const { mailboxMissing, responseStatus } = error as { mailboxMissing?: boolean; responseStatus?: string };
    if (!mailboxMissing && responseStatus !== 'NO') throw error;
    throw new NodeError(
      'imap.mailbox',
      `The mailbox "${mailbox}" cannot be opened: it is missing, or may not be read.`,
    );
  }
}

async function take(
  ctx: PollContext,
  client: ImapFlow,
  { mailbox, maxBytes }: Watched,
  cursor: MailCursor,
): Promise<Polled<Message, MailCursor>> {
  const { validity, left, next } = cursor;
  const wanted = left && left.length > 0 ? left : await numbersFrom(client, next);
  const items: PolledItem<Message>[] = [];
  const taken: FetchMessageObject[] = [];
  let bytes = 0;
  let done = 0;
  for (const uid of wanted) {
    if (items.length === MOST || bytes > MOST_BYTES) break;
    const found = await fetchOne(ctx, client, uid, maxBytes);
    done += 1;
    if (!found) continue;
    bytes += found.message.source?.byteLength ?? 0;
    taken.push({ ...found.message, source: undefined });
    const item = await readMessage(ctx, found.message, found.isWhole);
    items.push({ key: `${mailbox}/${validity}/${uid}`, item });
  }
  const rest = wanted.slice(done);
  const isLeft = left !== undefined && left.length > 0;
  return {
    items,
    cursor: {
      validity,
      next: isLeft ? next : Math.max(next, (wanted[done - 1] ?? 0) + 1),
      known: writeSeen(taken.toReversed().map(identityOf), readSeen(cursor.known), REMEMBERED),
      newest: newestOf(taken, cursor.newest),
      ...(isLeft && rest.length > 0 && { left: rest }),
    },
    more: rest.length > 0 || isLeft,
  };
}

/** `n:*` also names the last message if its number is below n. */
async function numbersFrom(client: ImapFlow, next: number): Promise<number[]> {
  const found = (await client.search({ uid: `${next}:*` }, { uid: true })) || [];
  return found.filter((uid) => uid >= next).sort((a, b) => a - b);
}

const FACTS = { uid: true, internalDate: true, size: true, flags: true, headers: ['message-id'] };

/** A message with its source, or with the beginning if it is too large. Null: it was deleted in the meantime. */
async function fetchOne(
  ctx: PollContext,
  client: ImapFlow,
  uid: number,
  maxBytes: number,
): Promise<{ message: FetchMessageObject; isWhole: boolean } | null> {
  const facts = await client.fetchOne(String(uid), FACTS, { uid: true });
  if (!facts) return null;
  const isWhole = (facts.size ?? 0) <= maxBytes;
  await ctx.hold(isWhole ? (facts.size ?? 0) : HEAD_BYTES);
  const source = isWhole ? true : { start: 0, maxLength: HEAD_BYTES };
  const found = await client.fetchOne(String(uid), { uid: true, source }, { uid: true });
  return found ? { message: { ...facts, source: found.source }, isWhole } : null;
}

/** The last messages of the mailbox, the oldest first. */
async function lastMessages(client: ImapFlow): Promise<FetchMessageObject[]> {
  const exists = client.mailbox ? client.mailbox.exists : 0;
  if (exists === 0) return [];
  return client.fetchAll(`${Math.max(1, exists - REMEMBERED + 1)}:${exists}`, FACTS);
}

/** After a change of all numbers: those messages that are neither remembered nor older than what is. */
async function unknownMessages(client: ImapFlow, { known, newest }: MailCursor): Promise<number[]> {
  const seen = readSeen(known);
  const since = newest - SLACK_MS;
  // The server compares days, in its own time zone.
  const days = since <= DAY_MS ? { all: true } : { since: new Date(since - DAY_MS) };
  const found = ((await client.search(days, { uid: true })) || []).sort((a, b) => a - b).slice(-MOST_LEFT);
  if (found.length === 0) return [];
  const facts = await client.fetchAll(found.join(','), FACTS, { uid: true });
  const isNew = (one: FetchMessageObject): boolean => !seen.has(identityOf(one)) && receivedAt(one) >= since;
  return facts.filter(isNew).map(({ uid }) => uid);
}

/** What stays the same if a mailbox is numbered again. */
function identityOf(found: FetchMessageObject): string {
  const [, id] = /^message-id:\s*(\S+)/im.exec(found.headers?.toString('latin1') ?? '') ?? [];
  return id === undefined ? shortHash('message', String(receivedAt(found)), String(found.size)) : shortHash(id);
}

const receivedAt = ({ internalDate }: FetchMessageObject): number => new Date(internalDate ?? 0).getTime();

/** A program may put a message there with any date. One that is to come says nothing about the others. */
function newestOf(found: readonly FetchMessageObject[], before: number): number {
  const latest = Date.now() + SLACK_MS;
  return found.map(receivedAt).reduce((newest, at) => (at > latest ? newest : Math.max(newest, at)), before);
}
