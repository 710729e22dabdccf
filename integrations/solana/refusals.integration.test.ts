/** Every refusal of a policy, on the real virtual machine and the real ledger: nothing is signed, nothing stays set aside. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerFor } from '../../activities/node/payments.ts';
import { parseKeyring } from '../../db/index.ts';
import { decideApproval, stopWallet, walletLedger, walletTotals } from '../../db/queries/payments/index.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import type { Payments } from '../payments.ts';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { solanaCallProgram } from './call-program.ts';
import { tokenAccountOf } from './chain/library.ts';
import { SYSTEM, TOKEN } from './chain/programs.ts';
import { fakeFeeds, feedsConnection, SOL } from './prices/testing/feeds.ts';
import { GENEROUS, type Scene, setScene, somebody } from './testing/scene.ts';
import { giveTokens, type MintKind, makeMint } from './testing/tokens.ts';
import { solanaTransferSol } from './transfer-sol.ts';
import { solanaTransferToken } from './transfer-token.ts';

const store = useDatabase();
const keyring = parseKeyring(randomBytes(32).toString('base64'));

const feeds = await fakeFeeds();
let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(async () => {
  await Promise.all([feeds.close(), scene.close()]);
});

let steps = 0;
const ledger = (runId: string, step: string): Payments =>
  ledgerFor({
    ...{ runId, workflow: 'w', step, idempotencyKey: `a/w/call/${runId}/${step}`, keyring },
    within: (work) => store.inside(work),
  });

interface Ask {
  readonly to: string;
  readonly amount?: string;
  readonly mint?: string;
  readonly policy?: object | null;
  readonly run?: string;
  readonly step?: string;
}

/** A step with a wallet that may ask for prices. */
function stepOf({ policy = GENEROUS, run = 'r1', step = `s${++steps}` }: Pick<Ask, 'policy' | 'run' | 'step'>) {
  const idempotencyKey = `a/w/call/${run}/${step}`;
  const { linked, data, ...named } = scene.payer(policy as never);
  const prices = feedsConnection(feeds.base);
  const connection = { ...named, linked: { ...linked, prices }, data: { ...data, prices: prices.name } };
  return fakeContext({ workspace: 'a', runId: run, step, idempotencyKey, connection, payments: ledger(run, step) });
}

/** One step that pays; each is another one unless it is named. */
function pay({ to, amount = '0.1', mint, ...given }: Ask) {
  const ctx = stepOf(given);
  return mint === undefined
    ? runNode(solanaTransferSol, ctx, { to, amount })
    : runNode(solanaTransferToken, ctx, { to, mint, amount });
}

const sol = (limits: object) => ({ ...GENEROUS, assets: [{ ...GENEROUS.assets[0]!, ...limits }] });
const attempts = async () => {
  const rows = await store.inside((tx) => walletLedger(tx, { address: scene.address, limit: 1_000 }));
  return rows.flatMap((row) => row.attempts).length;
};
const held = async () =>
  (await store.inside((tx) => walletTotals(tx, { address: scene.address }))).filter((one) => one.held > 0n);

const refused = (ask: Ask, expected: object): Promise<void> => isRefused(() => pay(ask), expected);

/** Nothing of a payment that is refused reaches the chain or stays in the ledger. */
async function isRefused(paying: () => Promise<unknown>, expected: object): Promise<void> {
  const before = [scene.chain.ledger.length, await attempts()];
  await expect(paying()).rejects.toMatchObject(expected);
  expect([scene.chain.ledger.length, await attempts()]).toEqual(before);
  expect(await held()).toEqual([]);
}

async function token(kind: MintKind = {}) {
  const made = makeMint(scene, kind);
  await giveTokens(scene, { owner: scene.address, ...made }, 1_000_000_000n);
  const policy = { ...GENEROUS, assets: [{ asset: made.mint, perTransaction: '100', perDay: '500' }] };
  return { ...made, policy };
}

describe('a payment is refused', () => {
  it('without a policy, and after the policy has ended', async () => {
    await refused({ to: somebody(), policy: null }, { code: 'solana.policy' });
    const until = '2026-01-01T00:00:00Z';
    await refused(
      { to: somebody(), policy: { ...GENEROUS, until } },
      { code: 'solana.policy', message: expect.stringMatching(/ended/) },
    );
  });

  it('above the limit for one payment, and in an asset that is not listed', async () => {
    await refused({ to: somebody(), amount: '1.000000001' }, { code: 'solana.policy' });
    const { mint } = await token();
    await refused({ to: somebody(), mint, amount: '1' }, { code: 'solana.policy' });
  });

  it('to somebody who is not listed', async () => {
    await refused({ to: somebody(), policy: { ...GENEROUS, recipients: [somebody()] } }, { code: 'solana.policy' });
  });

  it('above the limit of a day, of a run, and of a recipient', async () => {
    const [run, to] = ['r-limits', somebody()];
    await pay({ to, amount: '0.4', run });
    const limit = { code: 'payment.limit' };
    const spent = scene.chain.ledger.length;
    expect(spent).toBeGreaterThan(0);
    await refused(
      { to: somebody(), policy: sol({ perDay: '0.45' }) },
      { ...limit, message: expect.stringMatching(/in 24 hours/) },
    );
    await refused(
      { to: somebody(), policy: sol({ perRun: '0.45' }), run },
      { ...limit, message: expect.stringMatching(/in one run/) },
    );
    await refused(
      { to, policy: sol({ perRecipient: '0.45' }) },
      { ...limit, message: expect.stringMatching(/to one recipient/) },
    );
    await pay({ to: somebody(), policy: sol({ perRun: '0.45', perRecipient: '0.45' }), run: 'r-other' });
  });

  it('above a limit in USD for one payment, a day, a run and a recipient, and without a price', async () => {
    // SOL costs at most 150.2 USD.
    const usd = (limits: object) => ({ ...GENEROUS, usd: { perTransaction: '100', perDay: '1000', ...limits } });
    const [run, to] = ['r-usd', somebody()];
    await refused({ to, policy: usd({ perTransaction: '15.019999' }) }, { code: 'solana.policy' });
    await pay({ to, run, policy: usd({}) });
    const above = (within: string) => ({
      ...{ code: 'payment.limit', message: expect.stringMatching(new RegExp(`^usd: 15020000 .*${within}`)) },
    });
    await refused({ to: somebody(), policy: usd({ perDay: '30.03' }) }, above('in 24 hours'));
    await refused({ to: somebody(), run, policy: usd({ perRun: '30.03' }) }, above('in one run'));
    await refused({ to, policy: usd({ perRecipient: '30.03' }) }, above('to one recipient'));
    feeds.state.pyth[SOL.pyth]!.age = feeds.state.coingecko[SOL.coingecko]!.age = 900;
    await refused({ to, policy: usd({}) }, { code: 'solana.noPrice', details: { code: 'price.stale' } });
    feeds.reset();
    await pay({ to, policy: usd({ perDay: '30.04', perRecipient: '30.04' }) });
  });

  it('if it calls a program that is not listed, or one that takes what is not allowed', async () => {
    const data = Buffer.alloc(12);
    data.writeUInt32LE(2);
    data.writeBigUInt64LE(200_000_000n, 4);
    const accounts = [
      { address: 'wallet', signer: true, writable: true },
      { address: somebody(), writable: true },
    ];
    const call = (policy: object) =>
      runNode(solanaCallProgram, stepOf({ policy }), { program: SYSTEM, accounts, data: data.toString('base64') });
    const policy = (message: RegExp) => ({ code: 'solana.policy', message: expect.stringMatching(message) });
    await isRefused(() => call(GENEROUS), policy(/not among the programs/));
    const listed = { ...GENEROUS, programs: [SYSTEM] };
    await isRefused(() => call({ ...listed, assets: [] }), policy(/SOL is not among the assets/));
    await isRefused(
      () => call({ ...listed, ...sol({ perTransaction: '0.19' }), programs: [SYSTEM] }),
      policy(/above 0\.19 SOL/),
    );
    const usd = { perTransaction: '30.03', perDay: '1000' };
    await isRefused(() => call({ ...listed, usd }), policy(/worth 30040000 millionths/));
    await call({ ...listed, usd: { ...usd, perTransaction: '30.04' } });
  });

  it('with fees and rent above what they may be', async () => {
    const costs = { perTransaction: '0.000001', perDay: '1' };
    await refused({ to: somebody(), policy: { ...GENEROUS, costs } }, { code: 'solana.policy' });
    const { mint, policy } = await token();
    const tight = { perTransaction: '0.0015', perDay: '1' };
    const ask = { to: somebody(), mint, amount: '1', policy: { ...policy, costs: tight } };
    await refused(ask, { code: 'solana.policy', message: expect.stringMatching(/Fees and rent/) });
  });

  it('to an address that no key can own, and to a program, unless that is allowed by name', async () => {
    const offCurve = await tokenAccountOf({ owner: somebody(), mint: somebody(), program: TOKEN });
    await refused({ to: offCurve }, { code: 'solana.refused', details: { kind: 'offCurve' } });
    await refused({ to: TOKEN }, { code: 'solana.refused' });
    await pay({ to: offCurve, policy: { ...GENEROUS, allow: ['offCurve'] } });
  });

  it('in tokens with a fee or a hook, or of a program that Blok does not know', async () => {
    const fee = await token({ feeBasisPoints: 100 });
    await refused(
      { to: somebody(), amount: '1', ...fee },
      { code: 'solana.refused', details: { kind: 'transferFee' } },
    );
    const hook = await token({ hook: somebody() });
    for (const allow of [[], ['transferHook']])
      await refused(
        { to: somebody(), amount: '1', mint: hook.mint, policy: { ...hook.policy, allow } },
        { code: 'solana.refused', details: { kind: 'transferHook' } },
      );
    const { mint, policy } = await token();
    scene.chain.svm.setAccount(mint, { ...scene.chain.svm.account(mint)!, owner: somebody() });
    await refused({ to: somebody(), amount: '1', mint, policy }, { code: 'solana.mint' });
  });

  it('below the rent of its recipient', async () => {
    await refused({ to: somebody(), amount: '0.000000005' }, { code: 'solana.rent' });
  });

  it('from a wallet that was stopped', async () => {
    const stop = (stopped: boolean) =>
      store.inside((tx) => stopWallet(tx, { address: scene.address, stopped, because: 'test' }));
    await stop(true);
    await refused({ to: somebody() }, { code: 'payment.stopped' });
    await stop(false);
    await pay({ to: somebody() });
  });

  it('to somebody new, until a person approves this very plan; from then on the recipient is known', async () => {
    const [to, step] = [somebody(), 'new-one'];
    const policy = { ...GENEROUS, newRecipients: 'approve' };
    const waits = { code: 'solana.needsApproval', waits: true };
    const ask = { to, policy, step };
    await refused(ask, waits);
    const { id, plan } = await pay(ask).catch((error) => error.details);
    const decide = (given: object = {}) => {
      const by = { wallet: scene.address, isApproved: true, by: 'ada', note: null, keyring };
      return store.inside((tx) => decideApproval(tx, { id, plan, ...by, ...given }));
    };
    expect(await decide({ plan: 'f'.repeat(64) })).toBeNull();
    await refused(ask, waits);
    expect(await decide()).toBe('approved');
    // The approval is for this payment alone: another step, amount or recipient asks again.
    await refused({ ...ask, step: 'another' }, waits);
    await pay(ask);
    await pay({ ...ask, step: 'known by now' });
    expect(scene.chain.svm.account(to)?.lamports).toBe(200_000_000n);
  });

  it('if a person declined it', async () => {
    const ask = { to: somebody(), policy: { ...GENEROUS, newRecipients: 'approve' }, step: 'declined' };
    const { id, plan } = await pay(ask).catch((error) => error.details);
    const by = { wallet: scene.address, isApproved: false, by: 'ada', note: 'a stranger', keyring };
    await store.inside((tx) => decideApproval(tx, { id, plan, ...by }));
    await refused(ask, {
      code: 'solana.declined',
      message: 'ada declined this payment: a stranger.',
      retryable: false,
    });
  });
});
