/** Payments of a running Blok, judged by the chain's own ledger: whatever is killed, reset, repeated or left behind, each is made once. */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../embedded/process/wait.ts';
import { newSecretKey } from '../integrations/solana/wallet/keypair.ts';
import { randomOf } from '../scripts/fuzz/random.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { type PlayChain, startPlayChain } from './testing/play-chain.ts';
import { type KillableBlok, startBlok } from './testing/start-blok.ts';
import { type Moment, startTap, type Tap } from './testing/tap.ts';

/** `BLOK_KILLS=all` kills at all points of the protocol; otherwise the seed chooses one. */
const ALL = process.env.BLOK_KILLS === 'all';
const LIMIT_MS = 120_000;

/** Where the worker is killed: nothing is signed; signed or about to be; sent, and nothing noted; landed, and not noted. */
const POINTS: readonly Moment[] = [
  'before getLatestBlockhash',
  'after simulateTransaction',
  'before sendTransaction',
  'after sendTransaction',
  'before getSignatureStatuses',
  'after getSignatureStatuses',
];

const PEOPLE = 3;
const AMOUNT = 10_000_000n;

const graph = (payOnce?: string) => ({
  blok: 1,
  name: 'pay-people',
  nodes: {
    pay: {
      uses: 'forEach',
      with: { items: '${{ input }}', concurrency: PEOPLE },
      nodes: {
        one: {
          uses: 'solana.transferSol',
          connection: 'example-wallet',
          with: { to: '${{ item }}', amount: '0.01', ...(payOnce && { payOnce: `${payOnce} \${{ item }}` }) },
        },
      },
      output: '${{ nodes.one.signature }}',
    },
  },
  output: '${{ nodes.pay.results }}',
});

describeWith(['temporal'], 'payments of a running Blok', () => {
  let blok: KillableBlok;
  let chain: PlayChain;
  let taps: Tap[];
  let temporal: Client;
  beforeAll(async () => {
    chain = await startPlayChain();
    taps = await Promise.all(chain.urls.map(startTap));
    const PLAYGROUND_CHAIN_URL = taps.map(({ url }) => url).join(',');
    blok = await startBlok({ PLAYGROUND_CHAIN_URL, TEMPORAL_CLI_PATH: sharedTemporal().cli });
    const address = `127.0.0.1:${blok.env.TEMPORAL_PORT}`;
    temporal = new Client({ connection: await Connection.connect({ address }) });
  }, 180_000);
  afterAll(async () => {
    await temporal?.connection.close();
    await blok?.stop();
    await Promise.all([...(taps ?? []), ...(chain ? [chain] : [])].map((each) => each.close()));
  }, 60_000);

  const people = () => Array.from({ length: PEOPLE }, () => newSecretKey().address);

  const start = async (input: readonly string[], payOnce?: string): Promise<string> => {
    const answer = await fetch(`${blok.api}/api/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ graph: graph(payOnce), input }),
    });
    const run = (await answer.json()) as { id: string };
    expect(answer.ok, JSON.stringify(run)).toBe(true);
    return run.id;
  };

  interface Run {
    readonly status: string;
    readonly output: readonly string[];
    readonly temporalUrl: string;
  }

  const read = async (id: string): Promise<Run> => (await (await fetch(`${blok.api}/api/runs/${id}`)).json()) as Run;

  const ended = async (id: string): Promise<Run> => {
    let run: Run = { status: 'lost', output: [], temporalUrl: '' };
    const isOver = async () => {
      run = await read(id).catch(() => run);
      return ['succeeded', 'failed', 'cancelled', 'timed-out', 'terminated'].includes(run.status);
    };
    await until(isOver, { withinMs: LIMIT_MS, everyMs: 200 });
    return run;
  };

  /** What the chain says: how much each of them holds, and how many transactions of theirs have landed. */
  const landed = (who: readonly string[]) => who.map((address) => chain.held(address));
  const transactions = () => chain.chain.ledger.filter(({ err }) => err === null).length;
  const ONCE = Array.from({ length: PEOPLE }, () => AMOUNT);

  /** Does something at a moment, once. @returns whether the moment has come, and what it did */
  const at = (moment: Moment, strike: () => Promise<void>) => {
    let struck: Promise<void> | undefined;
    for (const tap of taps)
      tap.watch((now) => {
        if (now !== moment) return;
        struck ??= strike();
        // Whoever asked is dead, or must not hear the answer before.
        return struck.catch(() => undefined);
      });
    return { done: () => struck };
  };
  const quietly = () => {
    for (const tap of taps) tap.watch(() => undefined);
  };

  const { pick } = randomOf(inject('seed'), 0);
  describe.each(ALL ? POINTS : [pick(POINTS)])('killed %s', (moment) => {
    it(
      'are made once each',
      async () => {
        const who = people();
        const before = transactions();
        const strike = at(moment, async () => {
          await blok.kill('Blok');
          quietly();
        });
        const id = await start(who);
        await until(() => strike.done() !== undefined, { withinMs: LIMIT_MS });
        await strike.done();
        await blok.heal('Blok');
        expect(await ended(id)).toMatchObject({ status: 'succeeded' });
        expect([landed(who), transactions() - before]).toEqual([ONCE, PEOPLE]);
      },
      LIMIT_MS + 60_000,
    );
  });

  it(
    'are not made again when the run is reset to a moment before they were signed',
    async () => {
      const who = people();
      const before = transactions();
      const id = await start(who);
      const { output, temporalUrl } = await ended(id);
      const workflowExecution = executionAt(temporalUrl);
      const handle = temporal.workflow.getHandle(workflowExecution.workflowId);
      const { events = [] } = await handle.fetchHistory();
      const first = events?.find(({ workflowTaskCompletedEventAttributes: task }) => task)?.eventId;
      await temporal.workflowService.resetWorkflowExecution({
        ...{ namespace: 'default', workflowExecution, reason: 'test', requestId: randomUUID() },
        workflowTaskFinishEventId: first,
      });
      const again = (await temporal.workflow.getHandle(workflowExecution.workflowId).result()) as Run;
      expect(again).toMatchObject({ status: 'succeeded', output });
      expect([landed(who), transactions() - before]).toEqual([ONCE, PEOPLE]);
    },
    LIMIT_MS,
  );

  it(
    'are made once by name when a run is terminated, its worker goes on, and another run is started',
    async () => {
      const who = people();
      const before = transactions();
      const name = randomUUID();
      const strike = at('after sendTransaction', async () => {
        const { workflowId } = executionAt((await read(await first)).temporalUrl);
        await temporal.workflow.getHandle(workflowId).terminate('test');
      });
      const first = start(who, name);
      await until(() => strike.done() !== undefined, { withinMs: LIMIT_MS });
      await strike.done();
      quietly();
      const runs = await Promise.all([start(who, name), start(who, name)]);
      const outputs = await Promise.all(runs.map(ended));
      expect(outputs).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
      expect(outputs[0]!.output).toEqual(outputs[1]!.output);
      expect([landed(who), transactions() - before]).toEqual([ONCE, PEOPLE]);
    },
    LIMIT_MS,
  );
});

/** The execution of a run in Temporal, by the address of its page there. */
function executionAt(temporalUrl: string): { workflowId: string; runId: string } {
  const [, workflowId = '', runId = ''] = /workflows\/([^/]+)\/([^/]+)\/history$/.exec(temporalUrl)!;
  return { workflowId: decodeURIComponent(workflowId), runId };
}
