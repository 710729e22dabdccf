import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { calling } from '../failures/classify.ts';
import { errors } from './errors.ts';

/**
 * Sends a request that may be charged. After a lost answer the step may be tried again, because a repetition costs money
 * and does nothing else; the error says that the outcome is unknown.
 */
export const charged = <T>(ctx: NodeContext, what: string, work: () => Promise<T>): Promise<T> =>
  calling(ctx, errors, { what, writes: true, mayRepeat: true }, work);

/** The error for an answer that is none. */
export function notAnAnswer(what: string): NodeError {
  return new NodeError(
    'openai.answer',
    `${what}: the server answered 200, but not as the protocol says. Look at "baseUrl" and "speaks" of the connection.`,
    { unknown: true },
  );
}
