/** Every refusal of a policy, on the real virtual machine and the real ledger: nothing is signed, nothing stays set aside. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerFor } from '../../activities/node/payments.ts';
import { parseKeyring } from '../../db/index.ts';
import { decideApproval, stopWallet, walletLedger, walletTotals } from '../../db/queries/payments/index.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import type { Payments } from '../payments.ts';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { tokenAccountOf } from './chain/library.ts';
import { TOKEN } from './chain/programs.ts';
import { GENEROUS, type Scene, setScene, somebody } from './testing/scene.ts';
import { giveTokens, type MintKind, makeMint } from './testing/tokens.ts';
import { solanaTransferSol } from './transfer-sol.ts';
import { solanaTransferToken } from './transfer-token.ts';

const store = useDatabase();
const keyring = parseKeyring(randomBytes(32).toString('base64'));

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());

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

/** One step that pays; each is another one unless it is named. */
function pay({ to, amount = '0.1', mint, policy = GENEROUS, run = 'r1', step = `s${++steps}` }: Ask) {
  const idempotencyKey = `a/w/call/${run}/${step}`;
  const connection = scene.payer(policy as never);
  const ctx = fakeContext({
    workspace: 'a',
    runId: run,
    step,
    idempotencyKey,
    connection,
    payments: ledger(run, step),
  });
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

/** Nothing of a payment that is refused reaches the chain or stays in the ledger. */
async function refused(ask: Ask, expected: object): Promise<void> {
  const before = [scene.chain.ledger.length, await attempts()];
  await expect(pay(ask)).rejects.toMatchObject(expected);
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
