import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { type Piece, piecesOf, type Upload } from './pieces.ts';

/** The end of a session, as its service says: what the upload has become, or that it knows no such session. */
type Ended<T> = { readonly done: T } | 'gone';

/** How far an upload is: how many bytes the service has, or that the session has ended. */
export type Progress<T> = { readonly has: number } | Ended<T>;

/** How a service takes an upload piece by piece in a session: Google, Microsoft Graph, YouTube, Dropbox, tus. */
export interface SessionProtocol<T> {
  /** Begins a session. @returns what names it from then on: an address, or an id */
  begin(): Promise<string>;
  /** Asks how far the session is. */
  ask(session: string): Promise<Progress<T>>;
  /** Sends the next piece. */
  send(session: string, piece: Piece): Promise<Progress<T>>;
  /**
   * What the upload has become, if the service no longer knows a session whose last piece was sent: null if it has become
   * nothing. Absent: nobody can tell, and the upload begins again.
   */
  found?(): Promise<T | null>;
}

/** Google wants multiples of 256 KiB, Microsoft of 320 KiB: this is one of both. */
export const SESSION_PIECE_BYTES = 10 * 1024 * 1024;

/** A service that forgets sessions again and again is not asked for ever. */
const MOST_SESSIONS = 3;

/** How often a service may take nothing of what it is sent. */
const MOST_STOPS = 3;

/** What the step remembers. */
interface Noted extends Record<string, string | boolean> {
  readonly session: string;
  /** The last piece was about to be sent. */
  readonly isLast: boolean;
}

type Context = Pick<NodeContext, 'cell' | 'blobs' | 'hold' | 'heartbeat'>;

/**
 * Uploads bytes in a session of their service. The session is kept in the cell of the step, so that the next attempt asks the
 * service how much it has and sends only the rest, whatever was killed. One piece is in memory at a time.
 *
 * @throws NodeError `upload.stuck`, `upload.lost`, and what the protocol throws
 */
export async function uploadInSession<T>(
  ctx: Context,
  upload: Upload,
  protocol: SessionProtocol<T>,
  { pieceBytes = SESSION_PIECE_BYTES }: { pieceBytes?: number } = {},
): Promise<T> {
  const cell = ctx.cell<Noted>();
  await ctx.hold(Math.min(pieceBytes, upload.size));
  let noted = await cell.read();
  let progress: Progress<T> = noted === null ? 'gone' : await protocol.ask(noted.session);
  for (let begun = 0; ; begun += 1) {
    if (progress === 'gone') {
      const found = noted?.isLast ? await protocol.found?.() : undefined;
      if (found !== undefined && found !== null) return found;
      if (begun === MOST_SESSIONS) throw lost();
      noted = { session: await protocol.begin(), isLast: false };
      await cell.write(noted);
      progress = { has: 0 };
    }
    if ('done' in progress) return progress.done;
    progress = await sendRest(ctx, upload, { protocol, noted: noted!, from: progress.has, pieceBytes });
    noted = await cell.read();
  }
}

/** Sends what the service does not have yet. @returns what it says at the end: `done`, or `gone` */
async function sendRest<T>(
  ctx: Context,
  upload: Upload,
  given: { protocol: SessionProtocol<T>; noted: Noted; from: number; pieceBytes: number },
): Promise<Ended<T>> {
  const { protocol, noted, pieceBytes } = given;
  const cell = ctx.cell<Noted>();
  let from = given.from;
  for (let stops = 0; stops < MOST_STOPS; ) {
    const before = from;
    for await (const piece of piecesOf(ctx.blobs, upload, { from, bytes: pieceBytes })) {
      const end = piece.from + piece.bytes.byteLength;
      if (end === upload.size) await cell.write({ ...noted, isLast: true });
      const progress = await protocol.send(noted.session, piece);
      ctx.heartbeat();
      if (progress === 'gone' || 'done' in progress) return progress;
      from = progress.has;
      // A service may take less than it was sent.
      if (from !== end) break;
    }
    if (from <= before) stops += 1;
    if (from >= upload.size) return await endOf(protocol, noted);
  }
  throw new NodeError('upload.stuck', 'The service takes no more of the upload, and does not say why.', {
    retryable: true,
    unknown: true,
  });
}

/** A service that has everything may need a moment to say so. */
async function endOf<T>(protocol: SessionProtocol<T>, { session }: Noted): Promise<Ended<T>> {
  const progress = await protocol.ask(session);
  if (progress === 'gone' || 'done' in progress) return progress;
  throw new NodeError('upload.stuck', 'The service has all bytes of the upload, and does not end it.', {
    retryable: true,
    unknown: true,
  });
}

const lost = (): NodeError =>
  new NodeError(
    'upload.lost',
    `The service has forgotten ${MOST_SESSIONS} uploads in a row before they were complete.`,
    {
      retryable: true,
      unknown: true,
    },
  );
