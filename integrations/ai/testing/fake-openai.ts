import type { Received, Reply } from '../../testing/fake-provider/message.ts';
import { type FakeProvider, fakeProvider } from '../../testing/fake-provider/provider.ts';
import { type FakeAnswer, type FakeState, newState, nextAnswer, USED } from './fake-state.ts';

/** A server of the shapes that OpenAI documents: Responses API, chat completions, and the services beside them. */
export const fakeOpenAi = (usual: string): Promise<FakeProvider<FakeState>> =>
  fakeProvider({
    state: newState(usual),
    authorize: ({ headers }) =>
      headers.authorization === 'Bearer key-for-tests-1234'
        ? null
        : { status: 401, body: { error: { message: 'Incorrect API key provided.', code: 'invalid_api_key' } } },
    routes: {
      'GET /v1/models': () => ({ body: { object: 'list', data: [{ id: 'gpt-6-luna', object: 'model' }] } }),
      'POST /v1/responses': respond,
      'GET /v1/responses/:id': ({ params }, state) => look(params.id!, state),
      'POST /v1/responses/:id/cancel': ({ params }, state) => stop(params.id!, state),
      'POST /v1/chat/completions': (_, state) => chat(nextAnswer(state)),
      'POST /v1/embeddings': ({ body }) => embeddings((body as { input: string[] }).input),
      'POST /v1/moderations': () => ({
        body: { id: 'modr-1', results: [{ flagged: true, category_scores: { violence: 0.9, harassment: 0.1 } }] },
      }),
      'POST /v1/audio/transcriptions': ({ bytes }) => ({
        body: {
          text: `A recording of ${bytes.length > 0 ? 'some' : 'no'} bytes.`,
          usage: { type: 'duration', seconds: 12 },
        },
      }),
      'POST /v1/images/generations': () => ({
        body: {
          data: [{ b64_json: Buffer.from('image').toString('base64') }],
          usage: { input_tokens: 9, output_tokens: 1_000 },
        },
      }),
    },
  });

function respond({ body }: Received, state: FakeState): Reply {
  const answer = nextAnswer(state);
  if ((body as { background?: boolean }).background !== true) return response(`resp_${state.made}`, answer);
  const id = `resp_${state.made}`;
  state.jobs.set(id, { looks: 0, answer });
  return { body: { id, object: 'response', status: 'queued', output: [] } };
}

function look(id: string, state: FakeState): Reply {
  const job = state.jobs.get(id);
  if (!job) return { status: 404, body: { error: { message: `Response with id '${id}' not found.`, code: null } } };
  job.looks += 1;
  if (job.looks < state.looksNeeded) return { body: { id, object: 'response', status: 'in_progress', output: [] } };
  return response(id, job.answer);
}

/** What was written until then is charged. */
function stop(id: string, state: FakeState): Reply {
  if (!state.jobs.delete(id)) return { status: 404, body: { error: { message: 'Not found.', code: null } } };
  state.stopped.push(id);
  const usage = { input_tokens: USED.input, output_tokens: 1 };
  return { body: { id, object: 'response', status: 'cancelled', output: [], usage } };
}

const REASONS: Readonly<Record<string, string>> = { length: 'max_output_tokens', filter: 'content_filter' };

function response(id: string, { text = '', stop = 'end', calls = [], raw }: FakeAnswer): Reply {
  if (raw !== undefined) return { body: raw };
  const content =
    stop === 'refusal' ? { type: 'refusal', refusal: text } : { type: 'output_text', text, annotations: [] };
  const reason = REASONS[stop];
  return {
    body: {
      ...{ id, object: 'response', model: 'gpt-6-luna-2026-09-01' },
      status: reason ? 'incomplete' : 'completed',
      incomplete_details: reason ? { reason } : null,
      output: [
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'c2VjcmV0' },
        ...(text === ''
          ? []
          : [{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [content] }]),
        ...calls.map((call) => ({
          type: 'function_call',
          id: `fc_${call.id}`,
          call_id: call.id,
          name: call.name,
          arguments: call.arguments,
        })),
      ],
      usage: {
        input_tokens: USED.input + USED.cacheRead + USED.cacheWrite,
        input_tokens_details: { cached_tokens: USED.cacheRead, cache_write_tokens: USED.cacheWrite },
        output_tokens: USED.output,
        output_tokens_details: { reasoning_tokens: USED.reasoning },
      },
    },
  };
}

const FINISHES: Readonly<Record<string, string>> = { length: 'length', filter: 'content_filter', tools: 'tool_calls' };

function chat({ text = '', stop = 'end', calls = [], raw }: FakeAnswer): Reply {
  if (raw !== undefined) return { body: raw };
  const refused = stop === 'refusal';
  const tools = calls.map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  return {
    body: {
      ...{ id: 'chatcmpl-1', object: 'chat.completion', model: 'gpt-6-luna-2026-09-01' },
      choices: [
        {
          index: 0,
          finish_reason: FINISHES[stop] ?? 'stop',
          message: {
            role: 'assistant',
            content: refused || text === '' ? null : text,
            refusal: refused ? text : null,
            ...(tools.length > 0 && { tool_calls: tools }),
          },
        },
      ],
      usage: {
        prompt_tokens: USED.input + USED.cacheRead + USED.cacheWrite,
        prompt_tokens_details: { cached_tokens: USED.cacheRead, cache_write_tokens: USED.cacheWrite },
        completion_tokens: USED.output,
        completion_tokens_details: { reasoning_tokens: USED.reasoning },
      },
    },
  };
}

/** Vectors that tell texts apart, in another order than asked for. */
function embeddings(texts: readonly string[]): Reply {
  const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 0.5] }));
  return { body: { object: 'list', data: data.reverse(), usage: { prompt_tokens: 8, total_tokens: 8 } } };
}
