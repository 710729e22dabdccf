import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { piecesOf, type Upload } from './pieces.ts';

/** A part that the service has. */
export interface Part {
  /** Counts from 1. */
  readonly number: number;
  readonly size: number;
  /** What the service calls it: an ETag. */
  readonly tag: string;
}

/** How a service takes an upload in parts, in any order, and puts them together at the end: S3 and what speaks like it. */
export interface PartsProtocol<T> {
  /** Begins an upload. @returns its id */
  begin(): Promise<string>;
  /** The parts that the service has; null if it knows no such upload. */
  list(upload: string): Promise<readonly Part[] | null>;
  /** Sends a part. @returns its tag */
  send(upload: string, part: { readonly number: number; readonly bytes: Uint8Array }): Promise<string>;
  /** Puts the parts together. */
  complete(upload: string, parts: readonly Part[]): Promise<T>;
  /** What has become of the upload, if the service does not know it any more although its parts were to be put together. */
  found(): Promise<T | null>;
}

/** S3 takes no more parts than these, and no smaller ones than 5 MiB, except the last. */
const MOST_PARTS = 10_000;
const USUAL_BYTES = 8 * 1024 * 1024;

/** A service that forgets uploads again and again is not asked for ever. */
const MOST_BEGUN = 3;

/** What the step remembers. */
interface Noted extends Record<string, string | number | boolean> {
  readonly upload: string;
  /** All parts but the last are of this size, also if another attempt goes on. */
  readonly partBytes: number;
  /** The parts were about to be put together. */
  readonly isLast: boolean;
}

/** How large parts are, so that there are not too many. */
export const partBytesFor = (size: number): number => Math.max(USUAL_BYTES, Math.ceil(size / MOST_PARTS));

/**
 * Uploads bytes in parts. The upload is kept in the cell of the step, so that the next attempt asks the service which parts it
 * has and sends only the others, whatever was killed. One part is in memory at a time.
 *
 * @throws NodeError `upload.lost`, and what the protocol throws
 */
export async function uploadInParts<T>(
  ctx: Pick<NodeContext, 'cell' | 'blobs' | 'hold' | 'heartbeat'>,
  upload: Upload,
  protocol: PartsProtocol<T>,
  { partBytes = partBytesFor(upload.size) }: { partBytes?: number } = {},
): Promise<T> {
  const cell = ctx.cell<Noted>();
  let noted = await cell.read();
  await ctx.hold(Math.min(noted?.partBytes ?? partBytes, upload.size));
  for (let begun = 0; begun <= MOST_BEGUN; begun += 1) {
    const known = noted === null ? null : await protocol.list(noted.upload);
    if (noted !== null && known !== null) {
      const parts = await sendRest(ctx, upload, { protocol, noted, known });
      await cell.write({ ...noted, isLast: true });
      return protocol.complete(noted.upload, parts);
    }
    const found = noted?.isLast ? await protocol.found() : null;
    if (found !== null) return found;
    noted = { upload: await protocol.begin(), partBytes, isLast: false };
    await cell.write(noted);
  }
  throw new NodeError(
    'upload.lost',
    `The service has forgotten ${MOST_BEGUN} uploads in a row before they were complete.`,
    {
      retryable: true,
      unknown: true,
    },
  );
}

/** Sends the parts that the service does not have whole. @returns all parts, in order */
async function sendRest<T>(
  ctx: Pick<NodeContext, 'blobs' | 'heartbeat'>,
  upload: Upload,
  given: { protocol: PartsProtocol<T>; noted: Noted; known: readonly Part[] },
): Promise<Part[]> {
  const { protocol, noted, known } = given;
  const { partBytes } = noted;
  const count = Math.max(1, Math.ceil(upload.size / partBytes));
  const sizeOf = (number: number): number => (number < count ? partBytes : upload.size - (count - 1) * partBytes);
  const parts = new Map(known.filter(({ number, size }) => size === sizeOf(number)).map((part) => [part.number, part]));
  const first = Array.from({ length: count }, (_, index) => index + 1).find((number) => !parts.has(number));
  if (first !== undefined) {
    for await (const { from, bytes } of piecesOf(ctx.blobs, upload, {
      from: (first - 1) * partBytes,
      bytes: partBytes,
    })) {
      const number = from / partBytes + 1;
      if (parts.has(number)) continue;
      parts.set(number, { number, size: bytes.byteLength, tag: await protocol.send(noted.upload, { number, bytes }) });
      ctx.heartbeat();
    }
  }
  return [...parts.values()].filter(({ number }) => number <= count).sort((a, b) => a.number - b.number);
}
