import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { transferSol } from './chain/library.ts';
import { toBase58 } from './notation/base58.ts';
import { type Wait, waitFor } from './reading/wait-for.ts';
import { land, memo } from './testing/land.ts';
import { HONEST } from './testing/provider.ts';
import { type Scene, setScene, somebody } from './testing/scene.ts';
import { solanaWaitFor } from './wait-for.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene({ blocksPerLook: 0 });
});
afterAll(() => scene.close());
afterEach(() => {
  for (const { lies } of scene.providers) Object.assign(lies, HONEST);
});

/** A step that waits. Each look is an attempt of its own, as after a restart. */
function waiting(wait: Partial<Wait> & Pick<Wait, 'signature'>) {
  let time = 1_000_000;
  const ctx: NodeContext = fakeContext({ connection: scene.rpc() });
  return {
    /** The outcome, or for how many milliseconds nothing happens. */
    look: async () => {
      try {
        return await waitFor(ctx, { commitment: 'finalized', timeout: '5m', ...wait }, () => time);
      } catch (error) {
        if (error instanceof NodeError && error.waits) return error.retryAfterMs;
        throw error;
      }
    },
    pass: (ms: number) => {
      time += ms;
    },
  };
}

const unknown = (): string => toBase58(randomBytes(64));

describe('solana.waitFor', () => {
  it('ends when the transaction is as sure as is asked for, and holds nothing until then', async () => {
    const signature = await land(scene, [memo('a')]);
    const [soon, final] = [waiting({ signature, commitment: 'confirmed' }), waiting({ signature })];
    expect(await soon.look()).toBe(1_000);
    scene.chain.advance(1);
    expect(await soon.look()).toMatchObject({ outcome: 'confirmed', error: null, slot: expect.any(String) });
    expect(await final.look()).toBe(1_000);
    scene.chain.advance(20);
    expect(await final.look()).toMatchObject({ outcome: 'finalized', providers: [{ status: 'finalized' }, {}] });
    const node = await runNode(solanaWaitFor, fakeContext({ connection: scene.rpc() }), { signature });
    expect(node.outcome).toBe('finalized');
  });

  it('says that it failed only if two providers do', async () => {
    const move = await transferSol({ from: scene.address, to: somebody(), lamports: 10n ** 15n });
    const signature = await land(scene, [move]);
    scene.chain.advance(20);
    const wait = waiting({ signature });
    scene.providers[1]!.lies.down = true;
    expect(await wait.look()).toBe(1_000);
    scene.providers[1]!.lies.down = false;
    expect(await wait.look()).toMatchObject({ outcome: 'failed', error: { InstructionError: [0, { Custom: 1 }] } });
    const good = await land(scene, [memo('good')]);
    scene.chain.advance(20);
    scene.providers[0]!.lies.failedStatus = true;
    expect(await waiting({ signature: good }).look()).toMatchObject({ outcome: 'finalized' });
  });

  it('says that it will never land only if the last block in which it could is final, by two providers', async () => {
    const { height } = scene.chain.tip();
    const wait = waiting({ signature: unknown(), lastValidBlockHeight: String(height + 30) });
    expect(await wait.look()).toBe(1_000);
    scene.chain.advance(33);
    expect(await wait.look()).toBe(1_000);
    scene.chain.advance(20);
    scene.providers[0]!.lies.lag = 100;
    expect(await wait.look()).toBe(1_000);
    scene.providers[0]!.lies.lag = 0;
    expect(await wait.look()).toMatchObject({ outcome: 'expired', slot: null });
  });

  it('looks ever more rarely, and ends when its own time has passed, however often it was run', async () => {
    const wait = waiting({ signature: unknown(), timeout: '10m' });
    expect(await wait.look()).toBe(1_000);
    wait.pass(80_000);
    expect(await wait.look()).toBe(10_000);
    wait.pass(515_000);
    expect(await wait.look()).toBe(5_000);
    wait.pass(5_000);
    expect(await wait.look()).toMatchObject({ outcome: 'timeout', slot: null, providers: [{}, {}] });
  });

  it('goes on while no provider answers, and fails if it is another chain', async () => {
    const signature = await land(scene, [memo('b')]);
    scene.chain.advance(20);
    const wait = waiting({ signature });
    for (const { lies } of scene.providers) lies.down = true;
    expect(await wait.look()).toBe(1_000);
    for (const { lies } of scene.providers) lies.down = false;
    expect(await wait.look()).toMatchObject({ outcome: 'finalized' });
    const rpc = scene.rpc();
    const ctx = fakeContext({ connection: { ...rpc, data: { ...rpc.data, cluster: 'mainnet' } } });
    await expect(runNode(solanaWaitFor, ctx, { signature })).rejects.toMatchObject({ code: 'solana.wrongCluster' });
  });
});
