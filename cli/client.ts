import type { Answered, Body, Query } from '../api/client-types.ts';
import { connectionCalls } from './calls/connections.ts';
import { controlCalls } from './calls/controls.ts';
import { moneyCalls } from './calls/money.ts';
import { runCalls } from './calls/runs.ts';
import { triggerCalls } from './calls/triggers.ts';
import { untilAnswered } from './calls/until-answered.ts';
import { walletCalls } from './calls/wallets.ts';
import { workflowCalls } from './calls/workflows.ts';
import { bodyOf, createSend } from './request.ts';
import { followTopics } from './stream.ts';

/** The part of a request or an answer that is about one event, not a batch. */
type OneOf<T> = Exclude<T, { events: unknown }>;

/** The API, one function per endpoint the CLI uses, typed by the routes of the API. All throw `CliError`. */
export function createClient(options: { baseUrl: string; fetch?: typeof fetch }) {
  const { baseUrl, fetch: fetcher = fetch } = options;
  const send = createSend(baseUrl, fetcher);
  return {
    baseUrl,
    ...workflowCalls(send),
    ...runCalls(send),
    ...controlCalls(send),
    ...triggerCalls(send),
    ...connectionCalls(send),
    ...moneyCalls(send),
    ...walletCalls(send),
    /** Sends one event. */
    event: async (body: OneOf<Body<'POST /api/events'>>) =>
      (await untilAnswered((headers) => send('POST /api/events', { body, headers }))) as OneOf<
        Answered<'POST /api/events'>
      >,
    statistics: (query: Query<'GET /api/stats'>) => bodyOf(send('GET /api/stats', { query })),
    system: () => bodyOf(send('GET /api/system')),
    /** What happens, as it happens. */
    follow: (topics: string, following: Parameters<typeof followTopics>[2]) =>
      followTopics({ baseUrl, fetch: fetcher }, topics, following),
  };
}

export type Client = ReturnType<typeof createClient>;
