import { afterAll, beforeAll, beforeEach } from 'vitest';
import { z } from 'zod';
import { createBus } from '../../bus/index.ts';
import { type Database, openDatabase, upsertRun, withWorkspace } from '../../db/index.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import type { Catalogue, NodeFacts } from '../../graph/catalogue.ts';
import { ownOrigins } from '../../guard/own-names.ts';
import { createSenderOf } from '../../guard/sender.ts';
import { catalogue } from '../../integrations/describe.ts';
import { findConnectionType } from '../../integrations/index.ts';
import { createNetwork } from '../../integrations/network/network.ts';
import { createLog } from '../../telemetry/log.ts';
import { openThrottle } from '../../throttle/index.ts';
import type { RunRecord } from '../../workflows/contract.ts';
import { createApp } from '../app.ts';
import { type Context, createContext, type Deps } from '../context.ts';
import { createEndings, type Endings } from '../endings.ts';
import { type FakeRuns, fakeRuns } from './fake-runs.ts';
import { KEYRING } from './keyring.ts';

export { KEYRING };

const facts = (type: string, input: object, connection?: NodeFacts['connection']): NodeFacts => ({
  type,
  version: '1.0.0',
  title: type,
  effect: 'idempotent',
  input: { type: 'object', properties: input, additionalProperties: false },
  output: {},
  ...(connection && { connection }),
  retry: { maxAttempts: 3, delayMs: 1000, factor: 2, maxDelayMs: 60_000, attemptTimeoutMs: 60_000, giveUpOn: [] },
  timeoutMs: 600_000,
});

/** Two node types, enough for the graphs of these tests, and the triggers of all providers. */
export const CATALOGUE: Catalogue = Object.assign(
  new Map(
    [facts('kv.get', { key: { type: 'string' } }), facts('kv.set', { key: { type: 'string' }, value: {} })].map((f) => [
      f.type,
      f,
    ]),
  ),
  { triggers: catalogue().triggers ?? new Map() },
);

const token = {
  type: 'token',
  title: 'Token',
  description: 'For tests.',
  fields: z.object({
    token: z.string().min(3),
    user: z.string().optional(),
    mode: z.enum(['plain', 'signed']).optional(),
  }),
  secretFields: ['token'],
  allowedHosts: () => [],
};

/** The API on a real Postgres, with a Temporal that is faked at the port. */
export function useApi(options: { workspace?: string; maxOpenRuns?: number; hookRate?: number } = {}) {
  const store = useDatabase();
  const workspace = options.workspace ?? 'a';
  const logged: string[] = [];
  const network = createNetwork({ allow: ['127.0.0.0/8', 'localhost'] });
  let database: Database;
  let runs: FakeRuns;
  let endings: Endings;
  let ctx: Context;
  let app: ReturnType<typeof createApp>;
  beforeAll(() => {
    database = openDatabase(store.url(), { max: 4 });
  });
  afterAll(async () => {
    await network.close();
    await database.close();
  });
  beforeEach(() => {
    runs = fakeRuns();
    endings = createEndings();
    app = appOf(workspace);
  });
  const appOf = (of: string) => {
    const deps = depsOf(of);
    ctx = createContext(deps);
    return createApp(deps, ctx);
  };
  const depsOf = (of: string): Deps => ({
    database,
    bus: createBus(),
    throttle: openThrottle({ redis: undefined, bus: createBus() }),
    hookRate: options.hookRate ?? 100_000,
    senderOf: createSenderOf([]),
    runs,
    endings,
    keyring: KEYRING,
    catalogue: CATALOGUE,
    findConnectionType: (type) => (type === 'token' ? token : findConnectionType(type)),
    network,
    workspace: of,
    publicUrl: 'http://blok.test',
    maxOpenRuns: options.maxOpenRuns ?? 20_000,
    maxDepth: 20,
    ownNames: ownOrigins({ port: 80, publicUrl: 'http://blok.test' }),
    temporalRunUrl: (workflowId, temporalRunId) =>
      `http://temporal.test/${encodeURIComponent(workflowId)}/${temporalRunId}`,
    log: createLog({ level: 'debug', destination: { write: (line: string) => void logged.push(line) } }),
  });

  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const init = {
      method,
      headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(text !== undefined && { body: text }),
    };
    // The server says of a request whose body is here that it is complete.
    const response = await app.request(path, init, { incoming: { complete: true } });
    const answer = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text: answer,
      // biome-ignore lint/suspicious/noExplicitAny: answers are read freely in tests
      body: (isJson && answer !== '' ? JSON.parse(answer) : null) as any,
    };
  };

  return {
    store,
    logged,
    runs: () => runs,
    endings: () => endings,
    appOf,
    app: () => app,
    /** What the verbs of the app made last are called with. */
    ctx: () => ctx,
    database: () => database,
    send,
    /** Any request, as `fetch` takes it, from any address. */
    raw: async (path: string, init: RequestInit, from?: string) =>
      app.request(path, init, from === undefined ? {} : { incoming: { socket: { remoteAddress: from } } }),
    get: (path: string, headers?: Record<string, string>) => send('GET', path, undefined, headers),
    put: (path: string, body: unknown, headers?: Record<string, string>) => send('PUT', path, body, headers),
    post: (path: string, body: unknown = {}, headers?: Record<string, string>) => send('POST', path, body, headers),
    /** Writes what the interpreter would write about a run. */
    record: (record: RunRecord) => withWorkspace(database, record.workspace, (tx) => upsertRun(tx, record)),
  };
}

/** A small graph with this name. */
export const graphOf = (name: string, change: object = {}) => ({
  blok: 1,
  name,
  nodes: { keep: { uses: 'kv.set', with: { key: 'k', value: '${{ input.n }}' } } },
  output: '${{ nodes.keep }}',
  ...change,
});
