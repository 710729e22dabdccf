import type { NodeContext } from '../context.ts';
import type { ModelAnswer, ModelRequest } from '../models/port.ts';
import { charged } from './call.ts';
import type { OpenAiClient } from './client.ts';
import { readResponse } from './responses-answer.ts';
import { responsesBody } from './responses-request.ts';

const WHAT = 'POST /responses';

/** Asks by the Responses API, and waits for the answer. */
export async function askResponses(
  ctx: NodeContext,
  { client }: OpenAiClient,
  request: ModelRequest,
): Promise<ModelAnswer> {
  const body = responsesBody({ ...request, background: false });
  const answer = await charged(ctx, WHAT, () => client.post('/responses', { body, signal: ctx.signal }));
  return readResponse(answer, { model: request.model, what: WHAT });
}
