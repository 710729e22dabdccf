import type { Received, Reply } from '../../testing/fake-provider/message.ts';
import { type FakeProvider, fakeProvider } from '../../testing/fake-provider/provider.ts';
import { type FakeAnswer, type FakeState, newState, nextAnswer, USED } from './fake-state.ts';

/** A server of the shapes that Google documents for the Gemini API. */
export const fakeGemini = (usual: string): Promise<FakeProvider<FakeState>> =>
  fakeProvider({
    state: newState(usual),
    authorize: ({ headers }) =>
      headers['x-goog-api-key'] === 'key-for-tests-1234'
        ? null
        : {
            status: 400,
            body: {
              error: {
                ...{ code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' },
                details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
              },
            },
          },
    routes: {
      'GET /v1/models': () => ({ body: { models: [{ name: 'models/gemini-3.8-flash' }] } }),
      'POST /v1/models/*': (request, state) =>
        request.path.endsWith(':batchEmbedContents') ? embeddings(request) : generated(nextAnswer(state)),
    },
  });

const REASONS: Readonly<Record<string, string>> = { length: 'MAX_TOKENS', refusal: 'SAFETY', filter: 'SAFETY' };

function generated({ text = '', stop = 'end', calls = [], raw }: FakeAnswer): Reply {
  if (raw !== undefined) return { body: raw };
  const parts = [
    { text: 'Let me think.', thought: true },
    ...(text === '' ? [] : [{ text, thoughtSignature: 'c2lnbmF0dXJl' }]),
    ...calls.map(({ id, name, arguments: given }) => ({ functionCall: { id, name, args: JSON.parse(given) } })),
  ];
  return {
    body: {
      candidates: [{ content: { role: 'model', parts }, finishReason: REASONS[stop] ?? 'STOP', index: 0 }],
      usageMetadata: {
        promptTokenCount: USED.input + USED.cacheRead,
        cachedContentTokenCount: USED.cacheRead,
        candidatesTokenCount: USED.output - USED.reasoning,
        thoughtsTokenCount: USED.reasoning,
      },
      ...{ modelVersion: 'gemini-3.8-flash', responseId: 'r-1' },
    },
  };
}

function embeddings({ body }: Received): Reply {
  const { requests } = body as { requests: unknown[] };
  return { body: { embeddings: requests.map((_, index) => ({ values: [index, 0.5] })) } };
}
