import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { transferChecked } from './chain/instructions.ts';
import { transferSol } from './chain/library.ts';
import { solanaHistory } from './history.ts';
import { answerOf } from './testing/answers.ts';
import { land, memo } from './testing/land.ts';
import { HONEST } from './testing/provider.ts';
import { type Scene, setScene, somebody } from './testing/scene.ts';
import { giveTokens, makeMint } from './testing/tokens.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());
afterEach(() => {
  for (const { lies } of scene.providers) Object.assign(lies, HONEST);
});

const list = (given: Parameters<typeof runNode<typeof solanaHistory.input, typeof solanaHistory.output>>[2]) =>
  runNode(solanaHistory, fakeContext({ connection: scene.rpc() }), given);

/** Somebody who got SOL a number of times, the newest first. */
async function paidOften(times: number) {
  const to = somebody();
  const signatures: string[] = [];
  for (let count = 0; count < times; count += 1) {
    const move = await transferSol({ from: scene.address, to, lamports: 1_000_000n + BigInt(count) });
    signatures.unshift(await land(scene, [move]));
  }
  scene.chain.advance(20);
  return { to, signatures };
}

const signaturesOf = ({ transactions }: Awaited<ReturnType<typeof list>>) => transactions.map((one) => one.signature);

describe('solana.history', () => {
  it('turns pages until everything is listed, once', async () => {
    const { to, signatures } = await paidOften(5);
    const found: string[] = [];
    let cursor: string | null | undefined;
    for (let pages = 1; cursor !== null; pages += 1) {
      const page = await list({ address: to, limit: 2, ...(cursor && { cursor }) });
      found.push(...signaturesOf(page));
      cursor = page.cursor;
      expect(pages).toBeLessThan(5);
    }
    expect(found).toEqual(signatures);
  });

  it('begins and ends where it is told', async () => {
    const { to, signatures } = await paidOften(4);
    const [, second, third, fourth] = signatures;
    const page = await list({ address: to, before: second!, until: fourth! });
    expect([signaturesOf(page), page.reachedUntil, page.cursor]).toEqual([[third], true, null]);
    expect(await list({ address: to, until: signatures[0]! })).toMatchObject({ transactions: [], reachedUntil: true });
    const strange = await list({ address: to, until: await land(scene, [memo('x')]) });
    expect([signaturesOf(strange), strange.reachedUntil]).toEqual([signatures, false]);
  });

  it('finds payments of tokens by the token accounts, and decodes what it lists', async () => {
    const { mint, program } = makeMint(scene);
    const to = somebody();
    const from = await giveTokens(scene, { owner: scene.address, mint, program }, 9_000_000n);
    const account = await giveTokens(scene, { owner: to, mint, program }, 0n);
    const move = { program, from, mint, to: account, owner: scene.address, amount: 2_500_000n, decimals: 6 };
    const signature = await land(scene, [transferChecked(move)]);
    scene.chain.advance(20);
    expect((await list({ address: to })).transactions).toEqual([]);
    const { transactions } = await list({ address: to, tokenAccounts: true, decode: true });
    expect(transactions).toMatchObject([
      { signature, succeeded: true, accounts: [account], transaction: { status: 'succeeded' } },
    ]);
    expect(transactions[0]?.seen).toMatchObject({ direction: 'in', changes: [{ asset: mint, text: '2.5' }] });
  });

  it('skips nothing: neither what failed, nor what cannot be decoded or shown', async () => {
    const [from, to] = [somebody(), somebody()];
    const error = { InstructionError: [0, { Custom: 1 }] };
    const plant = (shown: () => unknown, err: unknown = null) => scene.chain.plant({ addresses: [to], shown, err });
    const failed = plant(() => answerOf({ signature: failed.signature, from, to, error }), error);
    const later = plant(() => answerOf({ from, to, version: 3 }));
    const hidden = plant(() => null);
    scene.chain.advance(20);
    const { transactions } = await list({ address: to, decode: true });
    expect(transactions.map(({ signature }) => signature)).toEqual([hidden, later, failed].map((one) => one.signature));
    expect(transactions).toMatchObject([
      { transaction: { status: 'undecodable', undecodable: expect.stringContaining('no provider shows it') } },
      { transaction: { status: 'undecodable', undecodable: expect.stringContaining('version') } },
      { succeeded: false, error, transaction: { status: 'failed' } },
    ]);
  });

  it('does not take the word of a provider that is behind for the end', async () => {
    const { to, signatures } = await paidOften(3);
    scene.providers[0]!.lies.lag = 60;
    expect(signaturesOf(await list({ address: to }))).toEqual(signatures);
  });

  it('refuses a cursor that is none, and more than can be decoded at once', async () => {
    expect(await failure(list({ address: somebody(), cursor: 'e30' }))).toMatchObject({ code: 'input.invalid' });
    await expect(list({ limit: 101, decode: true })).rejects.toThrow('at most 100 with decode');
  });
});
