import { STATUS_CODES } from 'node:http';
import type { ProviderContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { type Answer, answerIn, valuesAt } from './answer.ts';
import { codesIn, type FailureTable, verdictOf } from './failure-table.ts';
import { type NoAnswer, noAnswerIn } from './no-answer.ts';
import { retryAfterMs } from './retry-after.ts';

/** A call to a provider. */
export interface ProviderCall {
  /** What was asked, for people: `POST /responses`. Never an address with a secret in it. */
  readonly what: string;
  /** The call changes something. */
  readonly writes: boolean;
  /**
   * A write may be sent again although the first may have been done: it carries a key by which the provider
   * recognises it, or the node looks before it writes (`ctx.lookBefore`).
   */
  readonly mayRepeat?: boolean;
}

/** How much of a provider's message an error shows. */
const EXCERPT = 500;

/**
 * Does a call to a provider, and turns what it throws into a `NodeError`.
 *
 * @example await calling(ctx, errors, { what: 'POST /messages', writes: true }, () => client.messages.create(…));
 */
export async function calling<T>(
  ctx: Pick<ProviderContext, 'excerpt' | 'signal'>,
  table: FailureTable,
  call: ProviderCall,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw classify(ctx, table, call, thrown);
  }
}

/**
 * What a provider's library threw, in the words of Blok: whether the call may be tried again, and whether its effect may
 * have happened. What decides is whether there was an answer, not the status that a library writes into its error.
 *
 * @throws the reason of `ctx.signal` if the step was ended: nobody waits for the outcome of the call any more
 */
export function classify(
  ctx: Pick<ProviderContext, 'excerpt' | 'signal'>,
  table: FailureTable,
  call: ProviderCall,
  thrown: unknown,
): NodeError {
  ctx.signal.throwIfAborted();
  const broken = noAnswerIn(thrown);
  if (broken instanceof NodeError) return broken;
  const answer = answerIn(thrown);
  // An error can hold both only if the connection broke while the library read the answer, or made the answer up.
  if (broken !== null && (answer === null || answer.status >= 500 || answer.status < 300)) {
    return unanswered(ctx, table, call, broken, thrown);
  }
  return answer === null ? undeclared(ctx, table, call, thrown) : answered(ctx, table, call, answer, thrown);
}

function unanswered(
  ctx: Pick<ProviderContext, 'excerpt'>,
  { provider }: FailureTable,
  call: ProviderCall,
  broken: NoAnswer,
  cause: unknown,
): NodeError {
  const unknown = call.writes && broken.sent;
  const how = broken.late ? 'no answer came in time' : 'the connection broke before there was an answer';
  return new NodeError(`${provider}.${broken.late ? 'timeout' : 'network'}`, `${call.what}: ${how}.`, {
    unknown,
    retryable: !unknown || call.mayRepeat === true,
    details: { reason: ctx.excerpt(broken.message, EXCERPT) },
    cause,
  });
}

function answered(
  ctx: Pick<ProviderContext, 'excerpt'>,
  table: FailureTable,
  call: ProviderCall,
  answer: Answer,
  cause: unknown,
): NodeError {
  const verdict = verdictOf(table, answer);
  const unknown = verdict === 'unknown' && call.writes;
  const retryable = verdict === 'retryable' || (verdict === 'unknown' && (!unknown || call.mayRepeat === true));
  const wait = retryable ? retryAfterMs(answer, table.waits) : undefined;
  const { status } = answer;
  const code = codesIn(table, answer).find((one) => /^[A-Za-z][\w.]{0,59}$/.test(one));
  const said = table.messageAt.flatMap((path) => valuesAt(answer.body, path)).find((text) => typeof text === 'string');
  const told =
    said === undefined ? `answered ${status} ${STATUS_CODES[status] ?? ''}`.trim() : ctx.excerpt(said, EXCERPT);
  return new NodeError(`${table.provider}.${code ?? status}`, `${call.what}: ${told}`, {
    unknown,
    retryable,
    ...(wait !== undefined && { retryAfterMs: wait }),
    details: { status, code: code ?? null, request: answer.headers['x-request-id'] ?? null },
    cause,
  });
}

/** Neither an answer nor a broken connection: the library refused, or could not read what came. */
function undeclared(
  ctx: Pick<ProviderContext, 'excerpt'>,
  { provider }: FailureTable,
  call: ProviderCall,
  thrown: unknown,
): NodeError {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new NodeError(`${provider}.failed`, `${call.what}: ${ctx.excerpt(text, EXCERPT)}`, {
    unknown: call.writes,
    retryable: !call.writes || call.mayRepeat === true,
    cause: thrown,
  });
}
