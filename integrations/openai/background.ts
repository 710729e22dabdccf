import { setTimeout } from 'node:timers/promises';
import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { calling } from '../failures/classify.ts';
import { ChargedError, EndedEarly } from '../models/charged.ts';
import type { CallMemory, ModelAnswer, ModelRequest } from '../models/port.ts';
import { fieldsOf, textOf } from '../models/read.ts';
import { charged, notAnAnswer } from './call.ts';
import { cancelResponse } from './cancel.ts';
import type { OpenAiClient } from './client.ts';
import { errors } from './errors.ts';
import { readResponse, usageOf } from './responses-answer.ts';
import { responsesBody } from './responses-request.ts';

/** How often the provider is asked whether the answer is ready: soon at first, then ever more rarely. */
const FIRST_LOOK_MS = 250;
const LOOK_FACTOR = 1.5;
const LAST_LOOK_MS = 10_000;

const WORKING = new Set(['queued', 'in_progress']);

/**
 * Asks in the background: the provider says at once under which id it works. The id is kept first, so that an attempt
 * after a crash fetches the same answer.
 */
export async function askInBackground(
  ctx: NodeContext,
  opened: OpenAiClient,
  request: ModelRequest,
  memory: CallMemory,
): Promise<ModelAnswer> {
  const asked = { model: request.model, what: 'GET /responses/…' };
  const known = await memory.read();
  const begun =
    (known === null ? null : await found(ctx, opened, known)) ?? (await begin(ctx, opened, request, memory));
  const answer = await ended(ctx, opened, begun).catch((error) => stopped(ctx, begun, error));
  try {
    return readResponse(answer, asked);
  } catch (error) {
    // Another attempt must not find the failed answer again.
    if (error instanceof ChargedError && error.retryable) await memory.clear();
    throw error;
  }
}

async function begin(ctx: NodeContext, { client }: OpenAiClient, request: ModelRequest, memory: CallMemory) {
  const what = 'POST /responses';
  const body = responsesBody(request);
  const answer = await charged(ctx, what, () => client.post('/responses', { body, signal: ctx.signal }));
  const id = textOf(fieldsOf(answer).id);
  if (id === null) throw notAnAnswer(what);
  await memory.write(id);
  return answer;
}

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

/**
 * Stops the work of a step that has ended for good, because nobody will fetch the answer. Any other attempt leaves it to the next one.
 *
 * @throws EndedEarly with what the provider charges for it; the error itself if the step goes on
 */
async function stopped(ctx: NodeContext, begun: unknown, error: unknown): Promise<never> {
  if (!(await ctx.isOver?.())) throw error;
  const id = String(fieldsOf(begun).id);
  const answer = await cancelResponse(ctx, id);
  throw new EndedEarly(ctx.signal.reason, { id, usage: answer === null ? null : usageOf(answer) });
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
    answer = await look(ctx, opened, String(fieldsOf(answer).id));
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
