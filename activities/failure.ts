import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { KEEPS_ALL, type Redactor } from '../credentials/redact.ts';
import { DataError, isDatabaseAway } from '../db/index.ts';
import { DataError as DataNodeError } from '../graph/data/index.ts';
import { ExpressionError } from '../graph/expression/index.ts';
import type { Json } from '../graph/json.ts';
import { LONGEST_TEMPORAL_BACKOFF_MS } from '../graph/limits.ts';
import { givesUpOn } from '../graph/run-state/effects/retry.ts';
import { NodeError } from '../integrations/error.ts';
import { noAnswerIn } from '../integrations/failures/no-answer.ts';
import type { EffectFailure, EffectMeta, EffectRequest } from '../workflows/contract.ts';

/**
 * Turns what was thrown into the one failure shape of the interpreter: a code, whether the step may be tried again, and
 * whether the effect may have happened. This is decided here, once for all nodes.
 *
 * @param redactor of the connection that was open, because the answer of a service may hold the connection's secrets
 */
export function toFailure(
  thrown: unknown,
  request: Pick<EffectRequest, 'giveUpOn'>,
  meta: EffectMeta,
  redactor: Redactor = KEEPS_ALL,
): Error {
  if (thrown instanceof CancelledFailure) return thrown;
  const error = classify(thrown, redactor);
  const retryable = error.retryable && !givesUpOn({ giveUpOn: request.giveUpOn ?? [] }, error.code);
  const long = (error.retryAfterMs ?? 0) > LONGEST_TEMPORAL_BACKOFF_MS;
  const details: EffectFailure = { ...error, retryable, meta };
  const failure = ApplicationFailure.create({
    message: error.message,
    type: error.code,
    nonRetryable: !retryable || long,
    details: [details],
    ...(retryable && !long && error.retryAfterMs !== undefined
      ? { nextRetryDelay: Math.max(1, error.retryAfterMs) }
      : {}),
  });
  // The failure goes into history, where people read it. Blok's stack is of no use there and names the machine.
  failure.stack = '';
  return failure;
}

type Classified = Omit<EffectFailure, 'meta'>;

/** Whatever was thrown, in the words of Blok's errors and without secrets. */
export function classify(thrown: unknown, redactor: Redactor): Classified {
  if (thrown instanceof NodeError) {
    const { code, unknown, retryable, retryAfterMs } = thrown;
    const details = bounded(redactor.value(thrown.details));
    return {
      code,
      message: redactor.head(thrown.message, LONGEST_MESSAGE),
      unknown,
      retryable,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(details === undefined ? {} : { details }),
    };
  }
  if (thrown instanceof ExpressionError) return permanent('expression', thrown.message);
  if (thrown instanceof DataNodeError) return permanent('input.invalid', thrown.message);
  if (thrown instanceof DataError) return permanent(thrown.code, redactor.text(thrown.message));
  const { name, message } = thrown as { name?: string; message?: string };
  if (isDatabaseAway(thrown)) {
    return {
      code: 'store.unavailable',
      message: 'The database of Blok did not answer.',
      unknown: true,
      retryable: true,
    };
  }
  const broken = noAnswerIn(thrown);
  if (broken instanceof NodeError) return classify(broken, redactor);
  if (broken) {
    const message = redactor.head(`The connection to the service broke: ${broken.message}`, 500);
    return { code: broken.late ? 'network.timeout' : 'network.broken', message, unknown: broken.sent, retryable: true };
  }
  // A bug in one of Blok's nodes: its message may hold data, and its stack never leaves the worker.
  return {
    code: 'node.fault',
    message: redactor.head(`${name ?? 'Error'}: ${message ?? String(thrown)}`, 500),
    unknown: true,
    retryable: true,
  };
}

/** Limits of a failure's message and details, because the server keeps them in memory while a step is tried again. */
const LONGEST_MESSAGE = 2_000;
const LARGEST_DETAILS = 8_192;

function bounded(details: Json | undefined): Json | undefined {
  if (details === undefined) return undefined;
  const text = JSON.stringify(details);
  return text.length <= LARGEST_DETAILS ? details : { cut: true, preview: text.slice(0, LARGEST_DETAILS) };
}

const permanent = (code: string, message: string): Classified => ({ code, message, unknown: false, retryable: false });
