import type { Json } from '../../../graph/json.ts';
import type { OpenConnection } from '../../context.ts';
import type { FakeProvider } from '../../testing/fake-provider/provider.ts';
import { fakeAnthropic } from './fake-anthropic.ts';
import { fakeGemini } from './fake-gemini.ts';
import { fakeOpenAi } from './fake-openai.ts';
import type { FakeState } from './fake-state.ts';

/** A provider of models on this machine, and what differs between providers in tests. */
export interface FakeModels {
  readonly provider: FakeProvider<FakeState>;
  readonly connection: OpenConnection;
  /** The route by which models are asked. */
  readonly route: string;
  /** First word of its error codes. */
  readonly code: string;
  /** Body of a refusal. */
  readonly refusal: (code: string, message: string) => Json;
  /** Its codes for a rate limit, and for an account without money. */
  readonly codes: { readonly rate: string; readonly quota: string };
}

const connectionTo = (type: string, base: string, more: Record<string, unknown> = {}): OpenConnection => ({
  name: 'models',
  type,
  data: { apiKey: 'key-for-tests-1234', baseUrl: base, ...more },
  hosts: [],
});

const typed = (code: string, message: string): Json => ({ error: { type: code, code, message, param: null } });

/** Every way in which models are asked, by name. @param usual what they answer unless a test says otherwise */
export async function startFakeModels(usual = 'Hello.'): Promise<Record<string, FakeModels>> {
  const [responses, chat, anthropic, gemini] = await Promise.all([
    fakeOpenAi(usual),
    fakeOpenAi(usual),
    fakeAnthropic(usual),
    fakeGemini(usual),
  ]);
  const openAi = {
    code: 'openai',
    refusal: typed,
    codes: { rate: 'rate_limit_exceeded', quota: 'insufficient_quota' },
  };
  return {
    'OpenAI, Responses API': {
      ...openAi,
      provider: responses,
      connection: connectionTo('openai', `${responses.base}/v1`),
      route: 'POST /v1/responses',
    },
    'OpenAI, chat completions': {
      ...openAi,
      provider: chat,
      connection: connectionTo('openai', `${chat.base}/v1/`, { speaks: 'chat' }),
      route: 'POST /v1/chat/completions',
    },
    Anthropic: {
      provider: anthropic,
      connection: connectionTo('anthropic', anthropic.base),
      route: 'POST /v1/messages',
      code: 'anthropic',
      refusal: (type, message) => ({ type: 'error', error: { type, message } }),
      codes: { rate: 'rate_limit_error', quota: 'billing_error' },
    },
    Gemini: {
      provider: gemini,
      connection: connectionTo('gemini', gemini.base),
      route: 'POST /v1/models/*',
      code: 'gemini',
      refusal: (code, message) => ({
        error: {
          ...{ code: 429, message, status: 'RESOURCE_EXHAUSTED' },
          details: [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId: code }] }],
        },
      }),
      codes: { rate: 'GenerateRequestsPerMinutePerProjectPerModel', quota: 'GenerateRequestsPerDayPerProjectPerModel' },
    },
  };
}
