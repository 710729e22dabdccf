import { NodeError } from '../error.ts';
import type { Progress } from './in-session.ts';
import type { Piece } from './pieces.ts';

/** An answer to a piece, or to the question how far a session is. */
export interface SessionAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed, if it is JSON. */
  readonly body: unknown;
}

/** The header that says where a piece belongs: `bytes 0-99/1000`. */
export const contentRange = ({ from, bytes }: Piece, total: number): string =>
  total === 0 ? 'bytes */0' : `bytes ${from}-${from + bytes.byteLength - 1}/${total}`;

// The header that asks how much a service has, sent with an empty PUT: `bytes */1000`.
export const askRange = (total: number): string => `bytes */${total}`;

/**
 * What services say of a session: 308 with `Range: bytes=0-99` (Google) or 202 with `nextExpectedRanges` (Microsoft) if they
 * want more, any other 2xx if they have all of it, 404 or 410 if they know no such session.
 *
 * @returns undefined if the answer says nothing of the kind
 */
export function progressOf(answer: SessionAnswer): Progress<SessionAnswer> | undefined {
  const { status, headers, body } = answer;
  const expected = (body as { nextExpectedRanges?: unknown } | null)?.nextExpectedRanges;
  if (status === 308) return { has: hasOf(headers.range) };
  // Asked how far it is, Microsoft answers 200.
  if (status < 300 && Array.isArray(expected) && expected.length > 0) return { has: startOf(expected[0]) };
  if (status === 202) return { has: hasOf(headers.range) };
  if (status >= 200 && status < 300) return { done: answer };
  return status === 404 || status === 410 ? 'gone' : undefined;
}

/** `bytes=0-99`: it has 100. Without the header, it has nothing. */
function hasOf(range: string | undefined): number {
  if (range === undefined) return 0;
  const last = /^bytes=0-(\d{1,15})$/.exec(range.trim())?.[1];
  if (last === undefined) throw unreadable('Range', range);
  return Number(last) + 1;
}

/** `100-999` or `100-`: it waits for what begins at 100. */
function startOf(range: unknown): number {
  const first = typeof range === 'string' ? /^(\d{1,15})-/.exec(range)?.[1] : undefined;
  if (first === undefined) throw unreadable('nextExpectedRanges', range);
  return Number(first);
}

const unreadable = (what: string, value: unknown): NodeError =>
  new NodeError(
    'upload.answer',
    `The service says in ${what} how much it has, in a form that is not understood: ${JSON.stringify(value)?.slice(0, 80)}.`,
    { unknown: true },
  );
