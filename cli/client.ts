import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../graph/json.ts';
import { runCalls } from './calls/run-calls.ts';
import { walletCalls } from './calls/wallet.ts';
import { connectionCalls } from './connection-calls.ts';
import { controlCalls } from './control-calls.ts';
import { CliError } from './errors.ts';
import { moneyCalls } from './money-calls.ts';
import { createSend } from './request.ts';
import { followTopics } from './stream.ts';
import type { Approval, Statistics, SystemState } from './watching-wire.ts';
import type {
  Backfilled,
  Capture,
  ConnectionSummary,
  DeadLetters,
  FiredTrigger,
  Queue,
  RateLimit,
  Run,
  RunView,
  SwitchedWorkflow,
  Trigger,
} from './wire.ts';
import { workflowCalls } from './workflow-calls.ts';

/** How a run is started: by the name of a published workflow, or with a graph from a file. */
export interface Start {
  readonly input?: Json;
  /** Id of the trigger this start stands for. */
  readonly trigger?: string;
  readonly version?: number;
  readonly pins?: JsonObject;
  readonly from?: string;
  readonly until?: string;
  /** YAML or JSON text of a graph; absent: the published workflow. */
  readonly graph?: string;
  readonly vars?: JsonObject;
}

/** How often a start or a message is sent if the connection breaks: its key makes that safe. */
const ATTEMPTS = 3;

/** The API, one function per endpoint the CLI uses. All throw `CliError`. */
export function createClient(options: { baseUrl: string; fetch?: typeof fetch }) {
  const { baseUrl, fetch: fetcher = fetch } = options;
  const send = createSend(baseUrl, fetcher);
  const one = encodeURIComponent;
  const body = async <T>(answer: Promise<{ body: T }>): Promise<T> => (await answer).body;
  const untilAnswered = async <T>(
    call: (headers: { 'idempotency-key': string }) => Promise<{ body: T }>,
    key: string = randomUUID(),
  ): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await call({ 'idempotency-key': key })).body;
      } catch (error) {
        const lost = error instanceof CliError && error.code === 'server.lost';
        if (!lost || attempt === ATTEMPTS) throw error;
      }
    }
  };

  return {
    baseUrl,

    ...workflowCalls(send),

    /** Starts a run, waiting at most `seconds` (0 to 60) for its end. `key` makes a repeated start the same run. */
    start: (workflow: string | null, start: Start, key: string, seconds: number): Promise<Run> => {
      const path = workflow === null ? '/runs' : `/workflows/${one(workflow)}/runs`;
      return untilAnswered(
        (headers) => send<Run>('POST', path, { body: start, headers, query: { wait: seconds } }),
        key,
      );
    },

    ...runCalls(send),
    run: (id: string, seconds = 0, signal?: AbortSignal) =>
      body(send<Run>('GET', `/runs/${one(id)}`, { query: { wait: seconds || undefined }, ...(signal && { signal }) })),
    ask: (id: string) => body(send<RunView>('GET', `/runs/${one(id)}/ask`)),
    cancel: (id: string, reason?: string) => body(send<Run>('POST', `/runs/${one(id)}/cancel`, { body: { reason } })),
    pause: (id: string) => body(send<Run>('POST', `/runs/${one(id)}/pause`, { body: {} })),
    resume: (id: string) => body(send<Run>('POST', `/runs/${one(id)}/resume`, { body: {} })),

    approvals: (query: { workflow?: string; limit?: number; cursor?: string }) =>
      body(send<{ items: Approval[]; next: string | null }>('GET', '/approvals', { query })),
    statistics: (query: { workflow?: string | undefined; by: string; from?: string; to?: string }) =>
      body(send<Statistics>('GET', '/stats', { query })),
    system: () => body(send<SystemState>('GET', '/system')),
    /** What happens, as it happens. */
    follow: (topics: string, options: Parameters<typeof followTopics>[2]) =>
      followTopics({ baseUrl, fetch: fetcher }, topics, options),

    approve: (
      id: string,
      step: string,
      decision: { decision: 'approved' | 'rejected'; by: string; comment?: string; values?: Json },
    ) => body(send<Json>('POST', `/runs/${one(id)}/approvals/${one(step)}`, { body: decision })),

    tell: (id: string, message: { name: string; data?: Json }) =>
      untilAnswered((headers) => send<Json>('POST', `/runs/${one(id)}/tell`, { body: message, headers })),
    event: (event: { name: string; key?: string; data?: Json }) =>
      untilAnswered((headers) => send<{ id: string; delivered: number }>('POST', '/events', { body: event, headers })),

    triggers: (workflow?: string) =>
      body(
        send<{ items: Trigger[] }>(
          'GET',
          workflow === undefined ? '/triggers' : `/workflows/${one(workflow)}/triggers`,
        ),
      ),
    queue: (name: string, query: { limit: number; cursor?: string }) =>
      body(send<Queue>('GET', `/workflows/${one(name)}/queue`, { query })),
    heldGroup: (name: string, group: string) => body(send<Json>('GET', `/workflows/${one(name)}/queue/${one(group)}`)),
    discardGroup: (name: string, group: string) =>
      body(send<{ discarded: number }>('DELETE', `/workflows/${one(name)}/queue/${one(group)}`)),
    switchWorkflow: (name: string, active: boolean) =>
      body(send<SwitchedWorkflow>('PUT', `/workflows/${one(name)}/active`, { body: { active } })),
    switchTrigger: (name: string, id: string, change: { active: boolean; note?: string }) =>
      body(send<Trigger>('PUT', `/workflows/${one(name)}/triggers/${one(id)}/active`, { body: change })),
    fire: (name: string, id: string, data: Json | undefined) =>
      untilAnswered((headers) =>
        send<FiredTrigger>('POST', `/workflows/${one(name)}/triggers/${one(id)}/fire`, {
          body: data === undefined ? {} : { data },
          headers,
        }),
      ),
    backfill: (name: string, id: string, range: { from: string; to: string; overlap?: string }) =>
      body(send<Backfilled>('POST', `/workflows/${one(name)}/triggers/${one(id)}/backfill`, { body: range })),
    deadLetters: (name: string, id: string, query: { limit: number; cursor?: string }) =>
      body(send<DeadLetters>('GET', `/workflows/${one(name)}/triggers/${one(id)}/dead-letters`, { query })),
    emptyDeadLetters: (name: string, id: string) =>
      body(send<{ forgotten: number }>('DELETE', `/workflows/${one(name)}/triggers/${one(id)}/dead-letters`)),
    rotate: (name: string, id: string) =>
      body(send<Trigger>('POST', `/workflows/${one(name)}/triggers/${one(id)}/rotate`, { body: {} })),
    link: (name: string, id: string, expiresIn: string | undefined) =>
      body(
        send<{ url: string; expiresAt: string }>('POST', `/workflows/${one(name)}/triggers/${one(id)}/links`, {
          body: expiresIn === undefined ? {} : { expiresIn },
        }),
      ),
    capture: (name: string, id: string, { next, instead }: { next: number; instead: boolean }) =>
      body(
        send<Capture>('POST', `/workflows/${one(name)}/triggers/${one(id)}/capture`, {
          query: { next, instead: String(instead) },
        }),
      ),
    getCapture: (name: string, id: string) =>
      body(send<Capture>('GET', `/workflows/${one(name)}/triggers/${one(id)}/capture`)),
    endCapture: (name: string, id: string) =>
      body(send<Json>('DELETE', `/workflows/${one(name)}/triggers/${one(id)}/capture`)),
    useCall: (name: string, id: string, { seq, as }: { seq: number; as: 'input' | 'pin' }) =>
      body(
        send<{ value: Json }>('GET', `/workflows/${one(name)}/triggers/${one(id)}/capture/${seq}`, { query: { as } }),
      ),

    setConnection: (name: string, connection: { type: string; data: Json; hosts?: string[]; rateLimit?: RateLimit }) =>
      body(send<ConnectionSummary>('PUT', `/connections/${one(name)}`, { body: connection })),
    connections: () => body(send<{ items: ConnectionSummary[] }>('GET', '/connections')),
    ...connectionCalls(send),
    ...moneyCalls(send),
    ...controlCalls(send),
    ...walletCalls(send),
  };
}

export type Client = ReturnType<typeof createClient>;
