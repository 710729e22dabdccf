import { setTimeout } from 'node:timers/promises';
import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { calling } from '../failures/classify.ts';
import { ChargedError, EndedEarly } from '../models/charged.ts';
import type { CallMemory, ModelAnswer, ModelRequest } from '../models/port.ts';
import { fieldsOf, textOf } from '../models/read.ts';
import { charged, notAnAnswer } from './call.ts';
import type { OpenAiClient } from './client.ts';
import { errors } from './errors.ts';
import { cancelResponse, outlivingStep } from './outliving.ts';
import { readResponse, usageOf } from './responses-answer.ts';
import { responsesBody } from './responses-request.ts';

/** How often the provider is asked whether the answer is ready: soon at first, then ever more rarely. */
const FIRST_LOOK_MS = 250;
const LOOK_FACTOR = 1.5;
const LAST_LOOK_MS = 10_000;

const WORKING = new Set(['queued', 'in_progress']);

const BEGIN = 'POST /responses';

/** An id is kept, sent and written to the log. */
const LONGEST_ID = 500;

/**
 * Asks in the background: the provider says at once under which id it works. The id is kept first, so that an attempt
 * after a crash fetches the same answer. When the step ends for good, the provider is told to stop.
 */
export async function askInBackground(
  ctx: NodeContext,
  opened: OpenAiClient,
  request: ModelRequest,
  memory: CallMemory,
): Promise<ModelAnswer> {
  const known = await memory.read();
  const kept = known === null ? null : await found(ctx, opened, known).catch((error) => left(ctx, known, error));
  const begun = kept ?? (await begin(ctx, request, memory));
  const answer = await ended(ctx, opened, begun).catch((error) => left(ctx, idOf(begun), error));
  try {
    return readResponse(answer, { model: request.model, what: 'GET /responses/…' });
  } catch (error) {
    // Another attempt must not find the failed answer again.
    if (error instanceof ChargedError && error.retryable) await memory.clear();
    throw error;
  }
}

/**
 * Asks, and keeps the id. The provider finds no answer by anything but its id, so the request does not end with its step: an
 * answer whose id nobody has learned could not be stopped.
 */
async function begin(ctx: NodeContext, request: ModelRequest, memory: CallMemory): Promise<unknown> {
  ctx.signal.throwIfAborted();
  const body = responsesBody(request);
  const ask = () => outlivingStep(ctx, (client, signal) => client.post('/responses', { body, signal }));
  const answer = await charged(ctx, BEGIN, ask);
  const { length } = textOf(fieldsOf(answer).id) ?? '';
  if (length === 0 || length > LONGEST_ID) throw notAnAnswer(BEGIN);
  // Without its id, no attempt would fetch it.
  await memory.write(idOf(answer)).catch((error) => stopped(ctx, idOf(answer), error));
  return answer;
}

const idOf = (answer: unknown): string => String(fieldsOf(answer).id);

/** The answer of an earlier attempt; null if the provider keeps it no longer, so that the call must be made again. */
async function found(ctx: NodeContext, opened: OpenAiClient, id: string): Promise<unknown> {
  try {
    return await look(ctx, opened, id);
  } catch (error) {
    if (!(error instanceof NodeError) || !isGone(error)) throw error;
    ctx.log.warn('The provider does not have the answer of an earlier attempt any more, so it is asked again.', { id });
    return null;
  }
}

/** Leaves an answer to the next attempt; if the step has ended for good, nobody will fetch it, and it is stopped. */
async function left(ctx: NodeContext, id: string, error: unknown): Promise<never> {
  if (await ctx.isOver?.()) return stopped(ctx, id, ctx.signal.reason);
  throw ctx.signal.aborted ? ctx.signal.reason : error;
}

/** @throws EndedEarly with what the provider charges for the answer that it was told to stop, and the reason */
async function stopped(ctx: NodeContext, id: string, reason: unknown): Promise<never> {
  const answer = await cancelResponse(ctx, id);
  throw new EndedEarly(reason, { id, usage: answer === null ? null : usageOf(answer) });
}

/** Looks until the work has ended, whichever way. */
async function ended(ctx: NodeContext, opened: OpenAiClient, begun: unknown): Promise<unknown> {
  let answer = begun;
  for (
    let wait = FIRST_LOOK_MS;
    WORKING.has(String(fieldsOf(answer).status));
    wait = Math.min(wait * LOOK_FACTOR, LAST_LOOK_MS)
  ) {
    ctx.heartbeat();
    await setTimeout(wait, undefined, { signal: ctx.signal });
    answer = await look(ctx, opened, idOf(answer));
  }
  return answer;
}

/** Asks how far the work is. If that fails, the work goes on all the same and will be charged: the outcome is unknown. */
async function look(ctx: NodeContext, { client }: OpenAiClient, id: string): Promise<unknown> {
  const path = `/responses/${encodeURIComponent(id)}`;
  try {
    return await calling(ctx, errors, { what: 'GET /responses/…', writes: false }, () =>
      client.get(path, { signal: ctx.signal }),
    );
  } catch (error) {
    if (!(error instanceof NodeError) || isGone(error)) throw error;
    const { code, message, retryable, retryAfterMs, details = null } = error;
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    throw new NodeError(code, message, { retryable, unknown: true, details, ...wait, cause: error });
  }
}

const isGone = ({ details }: NodeError): boolean => (details as { status?: unknown } | undefined)?.status === 404;
