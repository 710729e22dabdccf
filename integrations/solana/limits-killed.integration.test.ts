/** Every kind of limit while payments begin at once and workers die, on the real virtual machine and the real ledger. */
import { randomBytes } from 'node:crypto';
import { afterAll, expect, inject, it } from 'vitest';
import { ledgerFor } from '../../activities/node/payments.ts';
import { parseKeyring } from '../../db/index.ts';
import { walletTotals } from '../../db/queries/payments/index.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import { randomOf } from '../../scripts/fuzz/random.ts';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { fakeFeeds, feedsConnection, SOL } from './prices/testing/feeds.ts';
import { Killed, mortal } from './testing/chaos.ts';
import { GENEROUS, setScene, somebody } from './testing/scene.ts';
import { giveTokens, makeMint } from './testing/tokens.ts';
import { solanaTransferSol } from './transfer-sol.ts';
import { solanaTransferToken } from './transfer-token.ts';

/** Payments that begin at once, and how many of them a limit lets through. */
const ASKED = 10;
const ALLOWED = 5;

const store = useDatabase();
const keyring = parseKeyring(randomBytes(32).toString('base64'));
const feeds = await fakeFeeds();
afterAll(() => feeds.close());

interface Kind {
  /** The policy, of a mint. */
  readonly policy: (mint: string) => object;
  readonly pays: 'SOL' | 'token';
  /** What is counted in the totals of the wallet. */
  readonly counts: (mint: string) => string;
  readonly most: bigint;
  /** Each of them pays this recipient, or somebody else. */
  readonly to?: string;
}

const [asset] = GENEROUS.assets;
const sol = (limits: object) => () => ({ ...GENEROUS, assets: [{ ...asset, ...limits }] });
const SOL_MOST = 10_000_000n * BigInt(ALLOWED);

/** All that payments are worth is their amount: a SOL costs 100 USD, by every feed and for sure. */
feeds.state.pyth[SOL.pyth] = { price: '100', conf: '0', expo: 0, age: 1 };
feeds.state.jupiter[SOL.jupiter]!.usdPrice = '100';
feeds.state.coingecko.solana!.usd = '100';

const KINDS: Readonly<Record<string, Kind>> = {
  'a day, in SOL': { policy: sol({ perDay: '0.05' }), pays: 'SOL', counts: () => 'SOL', most: SOL_MOST },
  'a run': { policy: sol({ perRun: '0.05' }), pays: 'SOL', counts: () => 'SOL', most: SOL_MOST },
  'a recipient': {
    policy: sol({ perRecipient: '0.05' }),
    pays: 'SOL',
    counts: () => 'SOL',
    most: SOL_MOST,
    to: somebody(),
  },
  'a day, in USD': {
    policy: () => ({ ...GENEROUS, usd: { perTransaction: '1', perDay: '5' } }),
    ...{ pays: 'SOL', counts: () => 'usd', most: 5_000_000n },
  },
  'a day, in tokens': {
    policy: (mint) => ({ ...GENEROUS, assets: [{ asset: mint, perTransaction: '1', perDay: '0.05' }] }),
    ...{ pays: 'token', counts: (mint) => mint, most: 50_000n },
  },
};

it.each(Object.keys(KINDS))(
  'a limit of %s holds to the last unit, and nothing stays set aside',
  { timeout: 120_000 },
  async (name) => {
    const { policy, pays, counts, most, to } = KINDS[name]!;
    const own = await setScene({ blocksPerLook: 8 / ASKED });
    const random = randomOf(inject('seed'), Object.keys(KINDS).indexOf(name));
    const made = makeMint(own, { decimals: 6 });
    const { mint } = made;
    await giveTokens(own, { owner: own.address, ...made }, 1_000_000n);
    const outcomes = await Promise.all(Array.from({ length: ASKED }, (_, index) => payOnce(`s${index}`)));
    expect(outcomes.filter((one) => one === 'paid')).toHaveLength(ALLOWED);
    expect(outcomes.filter((one) => one === 'payment.limit')).toHaveLength(ASKED - ALLOWED);
    const totals = await store.inside((tx) => walletTotals(tx, { address: own.address }));
    expect(totals.find((one) => one.asset === counts(mint))).toMatchObject({ spent: most, held: 0n });
    expect(totals.every(({ held }) => held === 0n)).toBe(true);
    expect(own.chain.ledger.filter(({ err }) => err === null)).toHaveLength(ALLOWED);
    await own.close();

    /** A step, tried again by one worker after another until it is over. */
    async function payOnce(step: string): Promise<string> {
      for (let tries = 0; ; tries += 1) {
        const outcome = await attempt(step, tries < 4 ? 8 : 0);
        if (outcome !== 'again') return outcome;
      }
    }

    async function attempt(step: string, once: number): Promise<string> {
      const idempotencyKey = `a/w/call/${name}/${step}`;
      const ledger = ledgerFor({
        ...{ runId: name, workflow: 'w', step, idempotencyKey, keyring },
        within: (work) => store.inside(work),
      });
      const { linked, data, ...named } = own.payer(policy(mint) as never);
      const prices = feedsConnection(feeds.base);
      const connection = { ...named, linked: { ...linked, prices }, data: { ...data, prices: prices.name } };
      const payments = mortal(ledger, { dead: false, once }, random);
      const ctx = fakeContext({ workspace: 'a', runId: name, step, idempotencyKey, connection, payments });
      const recipient = to ?? somebodyOf(step);
      try {
        await (pays === 'SOL'
          ? runNode(solanaTransferSol, ctx, { to: recipient, amount: '0.01' })
          : runNode(solanaTransferToken, ctx, { to: recipient, mint, amount: '0.01' }));
        return 'paid';
      } catch (error) {
        const { code, retryable } = error as { code?: string; retryable?: boolean };
        return error instanceof Killed || retryable ? 'again' : (code ?? String(error));
      }
    }

    function somebodyOf(step: string): string {
      const known = recipients.get(step) ?? somebody();
      recipients.set(step, known);
      return known;
    }
  },
);

/** Who is paid by a step, whichever worker tries it. */
const recipients = new Map<string, string>();
