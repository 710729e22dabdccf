import type { Reply } from '../../testing/fake-provider/message.ts';
import { type FakeProvider, fakeProvider } from '../../testing/fake-provider/provider.ts';
import { type FakeAnswer, type FakeState, newState, nextAnswer, USED } from './fake-state.ts';

/** A server of the shapes that Anthropic documents. */
export const fakeAnthropic = (usual: string): Promise<FakeProvider<FakeState>> =>
  fakeProvider({
    state: newState(usual),
    authorize: ({ headers }) =>
      headers.authorization === 'Bearer key-for-tests-1234' && headers['anthropic-version'] !== undefined
        ? null
        : {
            status: 401,
            body: { type: 'error', error: { type: 'authentication_error', message: 'invalid key' } },
          },
    routes: {
      'GET /v1/models': () => ({ body: { data: [{ id: 'claude-sonnet-4-6', type: 'model' }], has_more: false } }),
      'POST /v1/messages': (_, state) => message(nextAnswer(state)),
    },
  });

const REASONS: Readonly<Record<string, string>> = {
  length: 'max_tokens',
  tools: 'tool_use',
  refusal: 'refusal',
  // What the provider's own filter does is a refusal here.
  filter: 'refusal',
};

function message({ text = '', stop = 'end', calls = [], raw }: FakeAnswer): Reply {
  if (raw !== undefined) return { body: raw };
  return {
    body: {
      ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-6' },
      content: [
        { type: 'thinking', thinking: '', signature: 'c2lnbmF0dXJl' },
        ...(text === '' ? [] : [{ type: 'text', text }]),
        ...calls.map(({ id, name, arguments: given }) => ({ type: 'tool_use', id, name, input: JSON.parse(given) })),
      ],
      stop_reason: REASONS[stop] ?? 'end_turn',
      usage: {
        input_tokens: USED.input,
        cache_read_input_tokens: USED.cacheRead,
        cache_creation_input_tokens: USED.cacheWrite,
        output_tokens: USED.output,
        output_tokens_details: { thinking_tokens: USED.reasoning },
      },
    },
  };
}
