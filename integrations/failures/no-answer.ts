import { NodeError } from '../error.ts';
import { BEFORE_TLS, BROKEN, LATE, NOT_SENT } from './connection-codes.ts';

/** A call that got no answer. */
export interface NoAnswer {
  /** What broke, for people. */
  readonly message: string;
  /** A byte of the request may have been sent, so the provider may have done the work. */
  readonly sent: boolean;
  /** Nothing came in time. */
  readonly late: boolean;
}

/** Fields in which libraries keep the error that they wrap. */
const INNER = ['cause', 'original', 'originalError', 'error', 'innerError', 'errors'] as const;

/** How deep errors are looked into: no library wraps more often, and a stranger's object may be its own cause. */
const DEPTH = 8;

/** Words of errors without a code: the runtime's `fetch`, its streams, `node:http`, and SDKs. */
const BROKE =
  /^(fetch failed|terminated|socket hang up|premature close|other side closed|network error|connection error)/i;
const TIMED_OUT = /^(TimeoutError|ConnectTimeoutError|.*ConnectionTimeoutError|RequestTimeoutError)$/;
const DISCONNECTED = /^(.*APIConnectionError|StripeConnectionError|.*NetworkError|FetchError)$/;

/**
 * What a thrown error says of a call without an answer, in whatever disguise: a `TypeError: fetch failed`, a status 500
 * that a library made up, a code of `node:net` three causes deep.
 *
 * @returns a `NodeError` that is inside (the guard's refusal, for example); what broke; or null if it is another failure
 */
export function noAnswerIn(thrown: unknown): NodeError | NoAnswer | null {
  let broken: NoAnswer | null = null;
  for (const error of layers(thrown)) {
    if (error instanceof NodeError) return error;
    const found = ofOne(error);
    // The innermost layer knows best whether anything was sent.
    if (found) broken = found;
  }
  return broken;
}

function ofOne(error: object): NoAnswer | null {
  const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
  const [codeText, nameText, text] = [code, name, message].map((part) => (typeof part === 'string' ? part : ''));
  const late = LATE.has(codeText!) || TIMED_OUT.test(nameText!);
  const unsent = NOT_SENT.has(codeText!) || BEFORE_TLS.test(text!);
  if (!late && !unsent && !BROKEN.has(codeText!) && !DISCONNECTED.test(nameText!) && !BROKE.test(text!)) return null;
  return { message: text || codeText || nameText!, sent: !unsent, late };
}

/** What was thrown may be anything; what it wraps counts only if it is an error, because bodies of answers look like one. */
const isLayer = (error: unknown, depth: number): error is object =>
  depth === 0 ? error !== null && typeof error === 'object' : error instanceof Error;

/** The error and what it wraps, the outermost first; each object once. */
function* layers(thrown: unknown): Generator<object> {
  const seen = new Set<object>();
  let level: unknown[] = [thrown];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth += 1) {
    const inner: unknown[] = [];
    for (const error of level.flat()) {
      if (!isLayer(error, depth) || seen.has(error)) continue;
      seen.add(error);
      yield error;
      inner.push(...INNER.map((field) => (error as Record<string, unknown>)[field]));
    }
    level = inner;
  }
}
