/** A watch starts one run for each new item, whatever becomes of the worker that looks. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from '@temporalio/worker';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createSigner,
  deadLetters,
  parseKeyring,
  publishWorkflow,
  putConnection,
  recentCounts,
  switchTrigger,
  wantTriggers,
  withWorkspace,
} from '../../db/index.ts';
import { until } from '../../embedded/process/wait.ts';
import { compile } from '../../graph/compile/index.ts';
import { parseGraph } from '../../graph/document/parse.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import { History } from '../../integrations/solana/testing/history/history.ts';
import { startHistoryProvider } from '../../integrations/solana/testing/history/history-provider.ts';
import { somebody } from '../../integrations/solana/testing/scene.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { TEST_KEY } from '../../worker/testing/graph-worker.ts';
import { startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';
import { SIGNAL_HINT, WATCH_WORKFLOW, watchWorkflowId } from '../contract.ts';

describeWith(['temporal'], 'a watch', () => {
  const keyring = parseKeyring(TEST_KEY);
  let test: TestWorker;
  let server: Server;
  /** What the service lists, by path. */
  const lists = new Map<string, readonly Json[]>();
  let status = 200;
  beforeAll(async () => {
    server = createServer((req, res) => {
      const body = JSON.stringify(lists.get(req.url!) ?? []);
      res.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    test = await startTestWorker({ allowHosts: ['127.0.0.1'] });
  });
  afterAll(async () => {
    await test.dispose();
    server.close();
  });

  const inside = <T>(work: Parameters<typeof withWorkspace<T>>[2]) => withWorkspace(test.database, WORKSPACE, work);

  /** Publishes a workflow that is started by new items of a list, and lets its watch look. */
  async function publish(name: string, given: object = {}): Promise<void> {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await publishWith(name, { uses: 'http.poll', with: { url: `${base}/${name}`, every: '1h', ...given } });
  }

  /** Publishes a workflow with this trigger, and lets its watch look. */
  async function publishWith(name: string, trigger: JsonObject & { uses: string }): Promise<void> {
    const text = JSON.stringify({
      ...{ blok: 1, name, triggers: { list: trigger } },
      nodes: { keep: { uses: 'kv.set', with: { key: '${{ trigger.key }}', value: '${{ input.size ?? 0 }}' } } },
    });
    const { graph } = parseGraph(text);
    const { plan } = compile(graph!, test.catalogue);
    await inside(async (tx) => {
      const { version } = await publishWorkflow(tx, { graph: graph!, plan: plan!, hash: plan!.hash });
      const triggers = [{ id: 'list', uses: trigger.uses, addressed: false }];
      await wantTriggers(tx, { workflow: name, version, triggers, keyring });
    });
    await hint(name);
  }
  const hint = (name: string) =>
    test.client.workflow.signalWithStart(WATCH_WORKFLOW, {
      workflowId: watchWorkflowId({ workspace: WORKSPACE, workflow: name, trigger: 'list' }),
      taskQueue: test.taskQueue,
      args: [{ claim: createSigner(keyring).signTrigger({ workspace: WORKSPACE, workflow: name, trigger: 'list' }) }],
      signal: SIGNAL_HINT,
      signalArgs: [],
    });
  const rows = (statement: ReturnType<typeof sql>) => inside(async (tx) => (await tx.db.execute(statement)).rows);
  /** Keys of the runs that have ended, one entry for each run. */
  const keys = async (name: string): Promise<unknown[]> =>
    (await rows(sql`select key from kv where workflow = ${name} order by length(key), key`)).map(({ key }) => key);
  const runs = async (name: string) =>
    Number((await rows(sql`select count(*) as n from run where workflow = ${name}`))[0]?.n);
  const items = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => ({ id: from + at }));
  const happens = async (probe: () => Promise<boolean>, what: string) =>
    expect(await until(probe, { withinMs: 20_000 }), what).toBe(true);
  /** Sees to it that the watch has looked since. */
  const looked = async (name: string, then: () => Promise<boolean>) => {
    await hint(name);
    await happens(then, `${name} to have looked`);
  };

  it('starts no run for what is there, one for each new item, and none when it looks again', async () => {
    lists.set('/orders', items(1, 2_000));
    await publish('orders');
    await happens(async () => (await placeOf('orders')) !== undefined, 'the first look');
    lists.set('/orders', items(1, 2_003));
    await looked('orders', async () => (await keys('orders')).length === 3);
    expect(await keys('orders')).toEqual(['2001', '2002', '2003']);
    lists.set('/orders', items(1, 2_004));
    await looked('orders', async () => (await keys('orders')).length === 4);
    expect(await runs('orders')).toBe(4);
    const counts = await inside((tx) => recentCounts(tx, { workflow: 'orders' }));
    expect(counts.find(({ outcome }) => outcome === 'started')?.count).toBe(4);
  });

  it('passes large items by reference', async () => {
    lists.set('/large', []);
    await publish('large');
    await happens(async () => (await placeOf('large')) !== undefined, 'the first look');
    lists.set(
      '/large',
      items(1, 5).map((item) => ({ ...item, size: 7, text: 'x'.repeat(600_000) })),
    );
    await looked('large', async () => (await keys('large')).length === 5);
    expect(await rows(sql`select value from kv where workflow = 'large'`)).toEqual(Array(5).fill({ value: '7' }));
    expect(JSON.stringify(await historyOf('large')).length).toBeLessThan(60_000);
  });

  it('shows an error beside the trigger, stays active, and goes on afterwards', async () => {
    lists.set('/shaky', items(1, 3));
    await publish('shaky');
    await happens(async () => (await placeOf('shaky')) !== undefined, 'the first look');
    status = 503;
    const error = async () =>
      (await rows(sql`select last_error as error, state from trigger where workflow = 'shaky'`))[0];
    await looked('shaky', async () => (await error())?.error !== null);
    expect((await error())?.error).toMatch(/^http\.503: /);
    expect((await error())?.state).not.toBe('failed');
    status = 200;
    lists.set('/shaky', items(1, 4));
    await looked('shaky', async () => (await keys('shaky')).length === 1);
    expect(await keys('shaky')).toEqual(['4']);
  });

  it('keeps its place under a new version, and begins anew if something else is watched', async () => {
    lists.set('/moved', items(1, 3));
    lists.set('/moved?other=1', items(1, 9));
    await publish('moved');
    await happens(async () => (await placeOf('moved')) !== undefined, 'the first look');
    lists.set('/moved', items(1, 4));
    await publish('moved', { every: '2h' });
    await happens(async () => (await keys('moved')).length === 1, 'the new item');
    expect(await keys('moved')).toEqual(['4']);
    const before = await placeOf('moved');
    await publish('moved', { query: { other: '1' } });
    await happens(async () => (await placeOf('moved')) !== before, 'another beginning');
    lists.set('/moved?other=1', items(1, 10));
    await looked('moved', async () => (await keys('moved')).length === 2);
    expect(await keys('moved')).toEqual(['4', '10']);
  });

  it.each([
    ['pickUp', ['4', '5', '6']],
    ['skip', ['6']],
  ])('looks at nothing while it is off, and then does as `whileOff: %s` says', async (whileOff, expected) => {
    const name = `off-${whileOff.toLowerCase()}`;
    lists.set(`/${name}`, items(1, 3));
    await publish(name, { whileOff });
    await happens(async () => (await placeOf(name)) !== undefined, 'the first look');
    const turn = (enabled: boolean) => inside((tx) => switchTrigger(tx, { workflow: name, id: 'list', enabled }));
    await turn(false);
    await looked(name, async () => (await answersOf(name)).at(-1)?.outcome === 'off');
    lists.set(`/${name}`, items(1, 5));
    await turn(true);
    await looked(name, async () => (await answersOf(name)).at(-1)?.outcome === 'found');
    lists.set(`/${name}`, items(1, 6));
    await looked(name, async () => (await keys(name)).includes('6'));
    expect(await keys(name)).toEqual(expected);
  });

  it('looks at once when its provider tells of something, starts runs in order, and lists what it cannot read', async () => {
    const history = new History();
    const provider = await startHistoryProvider(history);
    const { url, websocket } = provider;
    const data = { urls: [url], cluster: 'custom', websocket };
    await inside((tx) => putConnection(tx, { name: 'chain', type: 'solana-rpc', data, hosts: [], keyring }));
    const [payer, watched] = [somebody(), somebody()];
    const given = { addresses: watched, tokenAccounts: false, every: '1h' };
    await publishWith('paid', { uses: 'solana.transaction', connection: 'chain', with: given } as never);
    await happens(async () => provider.subscriptions() > 0, 'the subscription');
    // What lands before the first look has ended is there already.
    await happens(async () => (await answersOf('paid')).length > 0, 'the first look');
    const pay = (more: object = {}) => history.land({ payer, sol: { [payer]: -1, [watched]: 1 }, ...more }).signature;
    const paid = Array.from({ length: 12 }, () => pay());
    const unread = pay({ garbled: true });
    history.finalize();
    await happens(async () => (await keys('paid')).length === paid.length, 'the runs');
    expect((await firesOf('paid')).map(({ key }) => key)).toEqual(paid);
    expect((await firesOf('paid')).every(({ isAlone }) => isAlone)).toBe(true);
    const of = { workflow: 'paid', trigger: 'list' };
    const letters = await inside((tx) => deadLetters(tx, { ...of, limit: 10 }));
    expect(letters).toMatchObject([{ key: unread, place: expect.stringContaining('slot') }]);
    await provider.close();
  });

  it('replays: what it asks Temporal for follows from its history', async () => {
    const histories = await Promise.all(
      ['orders', 'shaky', 'moved', 'off-pickup', 'paid'].map(async (name) => ({
        workflowId: watchIdOf(name),
        history: await historyOf(name),
      })),
    );
    for await (const { error } of Worker.runReplayHistories({ workflowBundle: await workflowBundle() }, histories)) {
      expect(error).toBeUndefined();
    }
  });

  it('ends when its trigger is gone, and is refused without the signature', async () => {
    lists.set('/gone', []);
    await publish('gone');
    await inside((tx) => wantTriggers(tx, { workflow: 'gone', version: 1, triggers: [], keyring }));
    await hint('gone');
    await test.client.workflow.getHandle(watchIdOf('gone')).result();
    const forged = await test.client.workflow.start(WATCH_WORKFLOW, {
      workflowId: `${watchIdOf('orders')}x`,
      taskQueue: test.taskQueue,
      args: [{ claim: { workspace: WORKSPACE, workflow: 'orders', trigger: 'list', mac: 'AAAA' } }],
    });
    await expect(forged.result()).rejects.toThrow();
  });

  const watchIdOf = (name: string) => watchWorkflowId({ workspace: WORKSPACE, workflow: name, trigger: 'list' });
  const historyOf = (name: string) => test.client.workflow.getHandle(watchIdOf(name)).fetchHistory();

  /** What the looks of a watch have answered, in order. */
  async function answersOf(name: string): Promise<{ outcome: string; page?: { place?: unknown } }[]> {
    const { events } = await historyOf(name);
    return (events ?? []).flatMap(({ activityTaskCompletedEventAttributes: done }) => {
      const data = done?.result?.payloads?.[0]?.data;
      const answer = data ? JSON.parse(Buffer.from(data).toString()) : {};
      return ['found', 'failed', 'off', 'gone'].includes(answer.outcome) && (answer.page || answer.outcome !== 'found')
        ? [answer]
        : [];
    });
  }
  /** The starts of runs that a watch has asked for, and whether no other one was under way then. */
  async function firesOf(name: string): Promise<{ key: string; isAlone: boolean }[]> {
    let open = 0;
    const { events } = await historyOf(name);
    return (events ?? []).flatMap((event) => {
      const scheduled = event.activityTaskScheduledEventAttributes;
      if (event.activityTaskCompletedEventAttributes) open -= 1;
      if (!scheduled) return [];
      open += 1;
      if (scheduled.activityType?.name !== 'blokFire') return [];
      const { key } = JSON.parse(Buffer.from(scheduled.input!.payloads![0]!.data!).toString()) as { key: string };
      return [{ key, isAlone: open === 1 }];
    });
  }
  const placeOf = async (name: string) => {
    const found = (await answersOf(name)).findLast(({ outcome }) => outcome === 'found');
    return found && JSON.stringify(found.page?.place);
  };
});
