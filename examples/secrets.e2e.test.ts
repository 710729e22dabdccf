import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { connectionTypes } from '../integrations/index.ts';
import { newSecretKey } from '../integrations/solana/wallet/keypair.ts';
import { testCertificate } from '../integrations/testing/certificate.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { freshDatabase, type TestDatabase } from '../scripts/testing/postgres.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { type KillableBlok, startBlok } from './testing/start-blok.ts';
import { startTelltale, type Telltale } from './testing/telltale.ts';
import { lookInDatabase, lookInFiles, lookInHistories, searchFor } from './testing/traces.ts';

/** Every secret begins with this text, so one search finds all secrets, even one that was cut off. */
const CANARY = `Cn${randomBytes(5).toString('hex')}`;
/** In the input of every run: if the search does not find this text, it looks in the wrong places. */
const MARKER = `marker${randomBytes(8).toString('hex')}`;
const ROLE = `canary_${randomBytes(4).toString('hex')}`;
const HIDDEN = '[secret]';

let secrets = 0;
/** A secret with characters that JSON, addresses and base64 each encode in their own way. */
const secret = (): string => `${CANARY}${secrets++}+/"&=%\\?~${randomBytes(9).toString('hex')}`;

interface Used {
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly hosts?: string[];
  readonly nodes: Record<string, object>;
}

let blok: KillableBlok;
let telltale: Telltale;
let database: TestDatabase;
let admin: postgres.Sql;
/** Every answer of the API. */
const answers: string[] = [];

async function api(method: string, path: string, body?: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${blok.api}/api${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: text }),
  });
  const answer = `${[...response.headers].join('\n')}\n${await response.text()}`;
  answers.push(answer);
  return { status: response.status, answer };
}

const once = { retry: { maxAttempts: 1 }, onError: 'continue' };

/** Calls that succeed, calls that fail, and nodes that pass on what services answer. */
function httpNodes(): Record<string, object> {
  const get = (path: string, more: object = {}) => ({
    uses: 'http.request',
    connection: '$',
    with: { url: `http://${telltale.http}${path}`, ...more },
    ...once,
  });
  return {
    json: get('/json'),
    text: get('/text', { responseAs: 'text' }),
    base64: get('/bytes', { responseAs: 'base64' }),
    blob: get('/bytes', { responseAs: 'blob' }),
    large: get('/large'),
    refused: get('/refuse'),
    refusedLate: get('/refuse-late'),
    led: get('/lead'),
    lead: get('/lead', { followRedirects: false }),
    kept: { uses: 'kv.set', needs: ['json'], with: { key: 'told', value: '${{ nodes.json }}' } },
    filed: {
      uses: 'file.write',
      needs: ['text'],
      with: { path: 'told.txt', text: '${{ nodes.text?.body }} ${{ nodes.text?.headers["x-debug"] }}' },
    },
    logged: { uses: 'log', needs: ['json'], with: { message: '${{ nodes.json?.body.told }}' } },
  };
}

function uses(): Record<string, Used> {
  const hosts = [telltale.http];
  const mail = (user: string) => ({
    host: '127.0.0.1',
    port: telltale.smtpPort,
    user,
    password: secret(),
    plainPassword: true,
    from: 'canary@example.com',
  });
  const send = {
    uses: 'email.send',
    connection: '$',
    with: { to: 'a@example.com', subject: MARKER, text: 'x' },
    ...once,
  };
  const query = (sql: string) => ({ uses: 'postgres.query', connection: '$', with: { sql }, ...once });
  const queries = {
    told: query('select * from leak'),
    refused: query('select v::int from leak'),
    raised: query(`do $$ begin raise exception '%', (select v from leak limit 1); end $$`),
  };
  const server = new URL(database.url);
  const asUrl = new URL(server);
  asUrl.username = ROLE;
  asUrl.password = encodeURIComponent(rolePassword);
  const asFields = {
    host: server.hostname,
    port: Number(server.port),
    database: server.pathname.slice(1),
    user: ROLE,
  };
  return {
    bearer: { type: 'http-bearer', data: { token: secret() }, hosts, nodes: httpNodes() },
    basic: { type: 'http-basic', data: { user: 'ada', password: secret() }, hosts, nodes: httpNodes() },
    header: { type: 'http-header', data: { name: 'X-API-Key', value: secret() }, hosts, nodes: httpNodes() },
    certificate: {
      type: 'http-certificate',
      data: { cert: certificate.cert, key: `${secret()}\n${certificate.key}` },
      hosts,
      nodes: { json: httpNodes().json! },
    },
    query: { type: 'http-header', data: { name: 'key', value: secret(), in: 'query' }, hosts, nodes: httpNodes() },
    token: {
      type: 'oauth2',
      data: {
        ...{ grant: 'client_credentials', tokenUrl: `http://${telltale.http}/token`, clientAuth: 'post' },
        ...{ clientId: 'blok', clientSecret: secret() },
      },
      hosts,
      nodes: httpNodes(),
    },
    ...modelUses(hosts),
    ...chainUses(hosts),
    prices: pricesUse(hosts),
    mail: { type: 'smtp', data: mail('ada'), nodes: { sent: send } },
    'mail-refused': { type: 'smtp', data: mail('mallory'), nodes: { refused: send } },
    database: { type: 'postgres', data: { url: asUrl.href }, nodes: queries },
    'database-fields': { type: 'postgres', data: { ...asFields, password: rolePassword }, nodes: queries },
    'database-refused': { type: 'postgres', data: { ...asFields, password: secret() }, nodes: queries },
  };
}

/** Providers of models, each of which refuses the key and repeats it. */
function modelUses(hosts: string[]): Record<string, Used> {
  const refused = {
    uses: 'ai.generate',
    connection: '$',
    with: { model: 'm', prompt: MARKER, maxOutputTokens: 100 },
    ...once,
  };
  const use = (type: string): Used => {
    const data = { apiKey: secret(), baseUrl: `http://${telltale.http}/models` };
    return { type, data, hosts, nodes: { refused } };
  };
  return { openai: use('openai'), anthropic: use('anthropic'), gemini: use('gemini') };
}

/** A chain whose provider knows its customer by the address, and a wallet that would pay there. */
function chainUses(hosts: string[]): Record<string, Used> {
  const url = `http://${telltale.http}/models?key=${encodeURIComponent(secret())}`;
  const address = '11111111111111111111111111111111';
  const balance = { uses: 'solana.balance', connection: '$', with: { address }, ...once };
  const pay = { uses: 'solana.transferSol', connection: '$', with: { to: address, amount: '0.1' }, ...once };
  return {
    chain: { type: 'solana-rpc', data: { urls: [url], cluster: 'custom' }, hosts, nodes: { balance } },
    wallet: {
      type: 'solana-wallet',
      data: { rpc: 'chain', cluster: 'custom', secretKey: WALLET_KEY },
      nodes: { pay },
    },
  };
}

/** Feeds of prices, each of which refuses its key and repeats it. */
function pricesUse(hosts: string[]): Used {
  const url = `http://${telltale.http}/models`;
  const data = {
    ...{ pythUrl: url, pythToken: secret(), jupiterUrl: url, jupiterKey: secret() },
    ...{ slotUrl: `${url}?key=${encodeURIComponent(secret())}`, coingeckoUrl: url, coingeckoKey: secret() },
  };
  const price = { uses: 'solana.price', connection: '$', with: { asset: 'SOL' }, ...once };
  return { type: 'price-feeds', data, hosts, nodes: { price } };
}

const rolePassword = secret();
/** The key of a wallet is a number: no text can stand in it. */
const { secretKey: WALLET_KEY } = newSecretKey();
/** A key may have text before its first line, and the canary is in this text. */
const certificate = testCertificate();

/** Types of connections that no node takes, only triggers: this test looks at nodes. */
const OF_TRIGGERS = ['imap', 'webhook-secret'];

/**
 * Whether the service repeats the secret where it is read: Postgres repeats no refused password, a key never leaves the worker, and
 * of what a feed says to a refused key nothing is read.
 */
const isRepeated = (name: string): boolean => !['database-refused', 'certificate', 'prices'].includes(name);

/** The output or the error of each node. */
const outcomes = (nodes: object) =>
  Object.fromEntries(Object.keys(nodes).map((id) => [id, `\${{ nodes.${id} ?? errors.${id} }}`]));

describeWith(['temporal'], 'secrets of connections', () => {
  beforeAll(async () => {
    telltale = await startTelltale();
    database = await freshDatabase();
    admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => undefined });
    await admin.unsafe(`create role ${ROLE} login password '${rolePassword}'`);
    const owner = postgres(database.url, { max: 1 });
    await owner`create table leak (v text)`;
    await owner`insert into leak values (${rolePassword})`;
    await owner.unsafe(`grant select on leak to ${ROLE}`);
    await owner.end();
    const allowed = [telltale.http, `127.0.0.1:${telltale.smtpPort}`, new URL(database.url).host];
    blok = await startBlok({
      TEMPORAL_CLI_PATH: sharedTemporal().cli,
      BLOK_ALLOW_HOSTS: allowed.join(','),
      BLOK_LOG_LEVEL: 'trace',
    });
  }, 180_000);
  afterAll(async () => {
    await blok?.stop();
    await telltale?.close();
    await database?.drop();
    await admin?.unsafe(`drop role if exists ${ROLE}`);
    await admin?.end();
  });

  it('are accepted, and not revealed by services that repeat them', { timeout: 120_000 }, async () => {
    const used = uses();
    expect(new Set(Object.values(used).map(({ type }) => type))).toEqual(
      new Set(
        connectionTypes()
          .map(({ type }) => type)
          .filter((type) => !OF_TRIGGERS.includes(type)),
      ),
    );
    for (const [name, { nodes, ...connection }] of Object.entries(used)) {
      expect((await api('PUT', `/connections/${name}`, connection)).status).toBe(200);
      const own = JSON.parse(JSON.stringify(nodes).replaceAll('"connection":"$"', `"connection":"${name}"`));
      const graph = { blok: 1, name: `use-${name}`, nodes: own, output: outcomes(own) };
      // The service did repeat the secret: its answer came back without it.
      const { status, answer } = await api('POST', '/runs?wait=60', { graph, input: { marker: MARKER } });
      const told = isRepeated(name) ? HIDDEN : '';
      expect([name, status, answer]).toEqual([name, 200, expect.stringContaining(told)]);
      // And a run that fails as a whole because a service refused the secret.
      const [node] = Object.entries(own).find(([id]) => /refuse/.test(id)) ?? [];
      if (node === undefined) continue;
      const fails = {
        ...graph,
        name: `fail-${name}`,
        nodes: { [node]: { ...own[node], onError: 'fail' } },
        output: null,
      };
      const failed = await api('POST', '/runs?wait=60', { graph: fails, input: { marker: MARKER } });
      expect(failed.answer).toMatch(/"status":"failed"/);
    }
  });

  it('are in no answer about connections, runs, node types or bad requests', async () => {
    await api('PUT', '/connections/bad', { type: 'http-bearer', data: { tokn: secret() } });
    await api('PUT', '/connections/bad', { type: 'http-bearer', data: { token: `${secret()}\u0000` } });
    await api('PUT', '/connections/bad', `{"type":"http-bearer","data":{"token":"${CANARY}`);
    for (const path of ['/connections', '/runs', '/node-types', '/openapi.json', '/workflows']) {
      expect((await api('GET', path)).status).toBe(200);
    }
    const { answer } = await api('GET', '/runs');
    for (const [, id] of answer.matchAll(/"id":"(r[a-z0-9]{20,})"/g)) await api('GET', `/runs/${id}`);
    for (const search of [searchFor(CANARY), searchFor(WALLET_KEY)]) {
      for (const text of answers) search.look('answer', text);
      expect(search.found).toEqual([]);
    }
  });

  it('are in no history, no table, no file and no log', { timeout: 120_000 }, async () => {
    const search = searchFor(CANARY);
    const ofWallet = searchFor(WALLET_KEY);
    const control = () => searchFor(MARKER);
    const [histories, rows, files] = [control(), control(), control()];

    const { TEMPORAL_PORT, POSTGRES_PORT } = blok.env;
    expect(await lookInHistories([search, ofWallet, histories], `127.0.0.1:${TEMPORAL_PORT}`)).toBeGreaterThan(10);
    const password = readFileSync(join(blok.home, 'postgres', 'password'), 'utf8').trim();
    const own = `postgres://blok:${password}@127.0.0.1:${POSTGRES_PORT}/blok`;
    expect(await lookInDatabase([search, ofWallet, rows], own)).toBeGreaterThan(5);
    lookInFiles([search, ofWallet, files], blok.home);
    for (const each of [search, ofWallet]) each.look('the terminal', blok.said());

    expect([search.found, ofWallet.found]).toEqual([[], []]);
    expect(histories.found.length).toBeGreaterThan(10);
    expect(rows.found.length).toBeGreaterThan(0);
    const within = (part: string) => files.found.filter((place) => place.startsWith(join(blok.home, part)));
    expect(within('temporal').length).toBeGreaterThan(0);
    expect(within('postgres').length).toBeGreaterThan(0);
  });
});
