import { randomUUID } from 'node:crypto';
/** What pages of other sites, and whoever only reads, can do to the API: over the table of its routes, so that a new route is tested too. */
import postgres from 'postgres';
import { beforeEach, describe, expect, it } from 'vitest';
import { getTrigger, mintResumeToken, mintViewToken, saveResumeToken, triggerToken, writeFile } from '../db/index.ts';
import { runRecord, stepRecord } from '../db/testing/records.ts';
import { newSecretKey } from '../integrations/solana/wallet/keypair.ts';
import { publishHook } from './hooks/testing/hook.ts';
import { routes } from './routes.ts';
import { graphOf, KEYRING, useApi } from './testing/api.ts';

const api = useApi();
/** What is followed has no end: `stream/` tests it. */
const READS = routes.filter(({ method, path }) => method === 'get' && path !== '/api/stream');
const WRITES = routes.filter(({ method }) => method !== 'get');
const HOST = 'localhost';

/** Something for every route to find, by the names of the parameters in its path. */
let found: Record<string, string>;
/** The same for the pages of a form. */
let form: Record<string, string>;
let call: Record<string, string>;
let held: Record<string, string>;
/** A wallet, and an id that a payment could have. */
const PAYER = { name: 'payer', payment: '0'.repeat(64) };
/** A run with a step that has ended. */
const ENDED = { id: 'rfilled', step: 'a' };
beforeEach(async () => {
  const { body } = await api.post('/api/runs', { graph: graphOf('seen'), input: { n: 1 } });
  const run = api.runs().last();
  const since = '2026-01-01T00:00:00.000Z';
  const [step, expiresAt] = ['ask', '2999-01-01T00:00:00.000Z'];
  const waits = [{ step, kind: 'approval', since, until: null, key: null } as const];
  const { workflowId } = run.start;
  await api.record(runRecord({ runId: body.id, workflowId, historyLength: 5, status: 'waiting', waits }));
  run.view = { runId: body.id, status: 'waiting', steps: [], waits: [{ step, kind: 'approval', since }] };
  const { token, hash } = mintResumeToken(KEYRING, { workspace: 'a', runId: body.id, step, expiresAt });
  await api.store.inside((tx) => saveResumeToken(tx, { hash, runId: body.id, step, expiresAt }));
  await api.put('/api/workflows/kept', { graph: graphOf('kept') });
  await api.put('/api/connections/kept', { type: 'token', data: { token: 'abcdef' } });
  const data = { rpc: 'chain', cluster: 'devnet', secretKey: newSecretKey().secretKey };
  await api.put('/api/connections/payer', { type: 'solana-wallet', data });
  await api.put('/api/workflows/kept/draft', { graph: graphOf('kept', { label: 'Newer' }) });
  await api.put('/api/prompts/kept', { document: { messages: [{ role: 'user', text: 'Hi.' }] } });
  await api.put('/api/budgets/kept', { amount: '1.50' });
  const { sha256 } = await api.store.inside((tx) => writeFile(tx, { path: 'kept', ...FILE }));
  found = { id: body.id, step, token, name: 'kept', workflow: 'kept', version: '1', sha256 };
  form = await filledForm();
  call = await capturedCall();
  held = await heldGroup();
  // Counts are written a little later; here, nothing else may write.
  await api.ctx().tally.flush();
});

const FILE = { bytes: Buffer.from('kept'), contentType: null, idempotencyKey: 'kept' };

/** An event that waits for others. */
async function heldGroup(): Promise<Record<string, string>> {
  const name = `gathered-${randomUUID()}`;
  const input = { type: 'object', properties: { items: { type: 'array' } } };
  const at = await publishHook(api, name, {
    with: { verify: 'none' },
    graph: { batch: { size: 3, within: '1h' }, input },
  });
  await api.post(at, { n: 1 });
  const { body } = await api.get(`/api/workflows/${name}/queue`);
  return { name, group: body.held[0].group };
}

/** A form, and the view of a run that it has started. */
async function filledForm(): Promise<Record<string, string>> {
  await api.put('/api/workflows/filled', { graph: graphOf('filled', { triggers: { ask: { uses: 'form' } } }) });
  const token = await api.store.inside(async (tx) => {
    const row = (await getTrigger(tx, { workflow: 'filled', id: 'ask' }))!;
    return triggerToken(tx, KEYRING, { ...row, tokenKey: row.tokenKey! });
  });
  const trigger = { id: 'ask', uses: 'form', at: '2026-01-01T00:00:00.000Z', key: null };
  await api.record(
    runRecord({ runId: 'rfilled', workflowId: 'a/filled/ask/1', workflow: 'filled', trigger, steps: [stepRecord()] }),
  );
  const view = mintViewToken(KEYRING, { workspace: 'a', runId: 'rfilled', expiresAt: '2999-01-01T00:00:00.000Z' });
  return { token, view };
}

/** A call of a webhook that is held. */
async function capturedCall(): Promise<Record<string, string>> {
  const name = `hooked-${randomUUID()}`;
  const at = await publishHook(api, name, { with: { verify: 'none' } });
  await api.post(`/api/workflows/${name}/triggers/in/capture?instead=true`);
  await api.post(at, { n: 1 });
  return { name, id: 'in', seq: '1' };
}

const addressOf = (path: string): string => {
  const others = {
    '/forms/': form,
    '/capture': call,
    '/dead-letters': call,
    '/queue/': held,
    '/steps/:step': ENDED,
    '/wallets/': PAYER,
  };
  const names = Object.entries(others).find(([part]) => path.includes(part))?.[1] ?? found;
  const queries: Readonly<Record<string, string>> = {
    '/api/files/content': '?path=kept',
    '/api/runs/:id/compare': `?with=${found.id}`,
  };
  const address = path.replaceAll(
    /:(\w+)/g,
    (_, name: string) => (names as Record<string, string>)[name] ?? `no ${name} in this test`,
  );
  return `${address}${queries[path] ?? ''}`;
};

/** Everything that Postgres holds, and everything that was said to Temporal. */
async function world(): Promise<string> {
  const admin = postgres(api.store.url(), { max: 1 });
  const tables =
    await admin`select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`;
  const rows = [];
  for (const { name } of tables)
    rows.push(
      ...(await admin.unsafe(`select t::text as row from ${name} t order by 1`)).map(({ row }) => `${name} ${row}`),
    );
  await admin.end();
  return JSON.stringify([rows, [...api.runs().all].map(([id, run]) => [id, { ...run, updates: [...run.updates] }])]);
}

/** What a page can send without being asked first (a "simple" request), and what it can send with JavaScript. */
const BODIES = [
  ['no content type', undefined, {}],
  ['text/plain', '{"decision":"approved","name":"x"}', { 'content-type': 'text/plain' }],
  ['a form', 'decision=approved&by=boss', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['multipart', '--x--', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['JSON', '{"decision":"approved","by":"boss","name":"x","value":1}', { 'content-type': 'application/json' }],
] as const;

const SITES: readonly Record<string, string>[] = [
  { origin: 'http://evil.example' },
  { origin: 'null' },
  { origin: 'https://localhost' },
  { origin: 'http://localhost:3000' },
  { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
  { 'sec-fetch-site': 'same-site' },
];

describe('reading', () => {
  it('by GET and HEAD changes nothing, whatever is read', async () => {
    const before = await world();
    for (const { path } of READS) {
      for (const method of ['GET', 'HEAD'])
        for (const accept of ['application/json', 'text/html']) {
          const answer = await api.send(method, addressOf(path), undefined, { host: HOST, accept });
          // Without the cookie of the browser that began, nobody comes back from a service: `oauth/` tests the others.
          expect(answer.status, `${method} ${path}`).toBe(path.startsWith('/api/oauth/') ? 404 : 200);
        }
      expect((await world()) === before, path).toBe(true);
    }
  });

  it('is what no write can be called with', async () => {
    const before = await world();
    for (const { path } of WRITES)
      for (const method of ['GET', 'HEAD'])
        await api.send(method, `${addressOf(path)}?decision=approved&_method=POST`, undefined, {
          host: HOST,
          'x-http-method-override': 'POST',
        });
    expect(await world()).toBe(before);
  });
});

describe('a page of another site', () => {
  it('cannot write anything', async () => {
    const before = await world();
    for (const { method, path } of WRITES)
      for (const [what, body, headers] of BODIES)
        for (const site of SITES) {
          const given = { ...headers, ...site, host: HOST };
          const answer = await api.send(method.toUpperCase(), addressOf(path), body, given);
          expect(answer, `${method} ${path}: ${what} ${JSON.stringify(site)}`).toMatchObject({
            status: 403,
            body: { code: 'origin.refused' },
          });
        }
    expect(await world()).toBe(before);
  });

  it('may hold a link to an approval, and its click decides nothing', async () => {
    const click = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const before = await world();
    expect(await api.get(addressOf('/api/resume/:token'), { ...click, accept: 'text/html' })).toMatchObject({
      status: 200,
      text: expect.stringContaining('Approve'),
    });
    expect(await world()).toBe(before);
  });

  it('is told apart from the page of the link, which decides', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
    const own = { origin: 'http://localhost', host: HOST, 'sec-fetch-site': 'same-origin' };
    const answer = await api.post(addressOf('/api/resume/:token'), 'decision=approved', { ...form, ...own });
    expect(answer.status).toBe(200);
    expect(api.runs().last().approvals).toMatchObject([{ decision: 'approved' }]);
  });
});

describe('a name that somebody else’s DNS points here', () => {
  it('gets nothing from any route', async () => {
    const before = await world();
    for (const { method, path } of routes) {
      const body = method === 'get' ? undefined : {};
      const host = 'evil.example:4400';
      const given = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
      const answer = await api.send(method.toUpperCase(), addressOf(path), body, given);
      expect(answer, `${method} ${path}`).toMatchObject({
        status: 403,
        body: { code: 'host.refused', detail: expect.stringContaining('BLOK_PUBLIC_URL') },
      });
    }
    expect(await world()).toBe(before);
  });

  it('is not the address at which a prober asks for the server’s health, and for nothing else', async () => {
    const headers = { host: '10.1.2.3:4400' };
    for (const { path } of READS)
      expect((await api.get(addressOf(path), headers)).status, path).toBe(path.startsWith('/api/health/') ? 200 : 403);
  });
});
