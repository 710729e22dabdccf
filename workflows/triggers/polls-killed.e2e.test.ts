/** A mailbox, a feed, a folder, a table and an address of a chain are watched while everything is killed in turn: one run for each new item. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import createClient, { type Sql } from 'postgres';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { until } from '../../embedded/process/wait.ts';
import { type KillableBlok, startBlok, type Victim } from '../../examples/testing/start-blok.ts';
import { type ImapServer, imapServer, PASSWORD } from '../../integrations/imap/testing/imap-server.ts';
import { History } from '../../integrations/solana/testing/history/history.ts';
import {
  type HistoryProvider,
  startHistoryProvider,
} from '../../integrations/solana/testing/history/history-provider.ts';
import { somebody } from '../../integrations/solana/testing/scene.ts';
import { randomOf } from '../../scripts/fuzz/random.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { freshDatabase, type TestDatabase } from '../../scripts/testing/postgres.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';

/** `BLOK_KILLS=all` kills each server several times; otherwise the seed chooses one, and then all at once. */
const ALL = process.env.BLOK_KILLS === 'all';
const VICTIMS: readonly Victim[] = ['Blok', 'Postgres', 'Temporal', 'all'];

/** Old items of each place. */
const OLD = 1_250;
const PLACES = ['mail', 'feed', 'folder', 'table', 'chain'] as const;
type PlaceName = (typeof PLACES)[number];

const { int, pick } = randomOf(inject('seed'), 0);

describeWith(['temporal'], 'what is watched', () => {
  const folder = temporaryFolder('watched');
  const inbox = join(folder.path, 'inbox');
  const feed: string[] = [];
  /** What was put into each place while it was watched. */
  const put: Record<PlaceName, string[]> = { mail: [], feed: [], folder: [], table: [], chain: [] };
  const history = new History();
  const [payer, watched] = [somebody(), somebody()];
  /** Runs by place and item, as an outsider was told. */
  const runs = new Map<string, Set<string>>();
  let web: Server;
  let mail: ImapServer;
  let database: TestDatabase;
  let admin: Sql;
  let provider: HistoryProvider;
  let blok: KillableBlok;

  beforeAll(async () => {
    mkdirSync(inbox);
    mail = await imapServer();
    provider = await startHistoryProvider(history);
    database = await freshDatabase();
    admin = createClient(database.url, { max: 1, onnotice: () => {} });
    await admin`create table orders (id bigserial primary key)`;
    await admin`insert into orders select from generate_series(1, ${OLD}::int)`;
    for (let item = 0; item < OLD; item++) {
      mail.add(`Message-ID: <${item}@old.test>\nSubject: old ${item}\n\nx\n`);
      feed.push(`old ${item}`);
      writeFileSync(join(inbox, `old ${item}`), '');
      pay(`old ${item}`);
    }
    web = createServer(async (req, res) => {
      if (req.method === 'GET') return void res.end(feedText(feed));
      let body = '';
      for await (const chunk of req) body += chunk;
      const { run, place, item } = JSON.parse(body) as { run: string; place: PlaceName; item: string };
      const known = runs.get(`${place}: ${item}`) ?? new Set();
      runs.set(`${place}: ${item}`, known.add(run));
      res.end();
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    blok = await startBlok({
      TEMPORAL_CLI_PATH: sharedTemporal().cli,
      BLOK_ALLOW_HOSTS: [portOf(web), mail.port, new URL(database.url).port, new URL(provider.url).port]
        .map((port) => `127.0.0.1:${port}`)
        .join(','),
      BLOK_WATCH_FOLDERS: folder.path,
    });
    await publish();
  }, 180_000);
  afterAll(async () => {
    await blok?.stop();
    await Promise.all([mail?.close(), admin?.end(), provider?.close()]);
    web?.close();
    await database?.drop();
    folder.remove();
  });

  const call = async (path: string, body: object) => {
    const init = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${blok.api}${path}`, init);
    expect([response.status, response.ok ? '' : await response.text()]).toEqual([expect.any(Number), '']);
  };

  async function publish(): Promise<void> {
    const url = `http://127.0.0.1:${portOf(web)}`;
    const box = { host: '127.0.0.1', port: mail.port, secure: false, user: 'ann', password: PASSWORD };
    await call('/api/connections/box', { type: 'imap', data: box });
    const { host, hostname, username, password, pathname, port } = new URL(database.url);
    const data = { host: hostname, port: Number(port), user: username, password, database: pathname.slice(1) };
    expect(host).toContain('127.0.0.1');
    await call('/api/connections/db', { type: 'postgres', data });
    const { url: rpc, websocket } = provider;
    await call('/api/connections/chain', { type: 'solana-rpc', data: { urls: [rpc], cluster: 'custom', websocket } });
    const told = {
      run: '${{ run.id }}',
      place: '${{ trigger.id }}',
      item: '${{ input.subject ?? input.name ?? input.id ?? input.transaction.memos[0] }}',
    };
    const graph = {
      ...{ blok: 1, name: 'watching' },
      triggers: {
        mail: { uses: 'imap.newMessage', connection: 'box', with: { every: '1s' } },
        feed: { uses: 'rss.newItem', with: { url: `${url}/feed`, every: '1s' } },
        chain: { uses: 'solana.transaction', connection: 'chain', with: { addresses: watched, every: '1s' } },
        folder: { uses: 'folder.changed', with: { path: inbox, every: '1s', settle: '1s' } },
        table: {
          ...{ uses: 'postgres.newRow', connection: 'db' },
          with: { sql: 'select id from orders', every: '1s' },
        },
      },
      nodes: { tell: { uses: 'http.request', with: { method: 'POST', url, json: told } } },
    };
    await call('/api/workflows/watching', { graph });
  }

  /** Pays the watched address, finally. */
  function pay(memo: string): void {
    history.land({ payer, sol: { [payer]: -1, [watched]: 1 }, memo });
    history.finalize();
  }

  let count = 0;
  /** Puts a new item into each place. */
  async function putItems(): Promise<void> {
    const item = `new ${count++}`;
    mail.add(`Message-ID: <${item.replace(' ', '-')}@new.test>\nSubject: ${item}\n\nx\n`);
    feed.unshift(item);
    writeFileSync(join(inbox, item), item);
    pay(item);
    const [row] = await admin`insert into orders default values returning id`;
    for (const place of ['mail', 'feed', 'folder', 'chain'] as const) put[place].push(item);
    put.table.push(String(row!.id));
  }
  const toldOf = (place: PlaceName) => put[place].filter((item) => runs.has(`${place}: ${item}`));

  /** The first look of each watch is over when it has found something new. What came before may be old to it. */
  async function begin(): Promise<void> {
    const isOver = async () => {
      await putItems();
      return PLACES.every((place) => toldOf(place).length > 0);
    };
    expect(await until(isOver, { withinMs: 60_000, everyMs: 1_000 })).toBe(true);
    for (const place of PLACES) put[place] = put[place].slice(put[place].indexOf(toldOf(place)[0]!));
  }

  const victims = ALL ? [...VICTIMS, ...VICTIMS, ...VICTIMS] : [pick(VICTIMS.slice(0, 3)), 'all' as const];
  it(`starts one run for each new item and none for ${PLACES.length * OLD} old ones, although ${victims.join(', ')} were killed`, {
    timeout: victims.length * 90_000 + 120_000,
  }, async () => {
    await begin();
    for (const victim of victims) {
      for (let item = 0; item < 3; item++) await putItems();
      await setTimeout(int(2_500));
      await blok.kill(victim);
      provider.cut();
      await putItems();
      await blok.heal(victim);
      await putItems();
    }
    const missing = () => PLACES.flatMap((place) => put[place].filter((item) => !runs.has(`${place}: ${item}`)));
    await until(() => missing().length === 0, { withinMs: 90_000 });
    expect(missing()).toEqual([]);
    // Whatever would start a second run has had its chance once later items have started theirs.
    await putItems();
    await until(() => missing().length === 0, { withinMs: 60_000 });
    expect(missing()).toEqual([]);
    expect([...runs].filter(([, { size }]) => size !== 1)).toEqual([]);
    expect([...runs.keys()].filter((key) => key.includes(': old'))).toEqual([]);
    expect([...runs.keys()].filter((key) => /^table: \d+$/.test(key) && Number(key.slice(7)) <= OLD)).toEqual([]);
  });
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const feedText = (items: readonly string[]): string =>
  `<rss version="2.0"><channel><title>F</title>${items.map((item) => `<item><guid>${item}</guid></item>`).join('')}</channel></rss>`;
