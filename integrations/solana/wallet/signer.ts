import { NodeError } from '../../error.ts';
import { COST, type Payment, type Payments, USD } from '../../payments.ts';
import { isOnCurve, tokenAccountOf } from '../chain/library.ts';
import { TOKEN_PROGRAMS } from '../chain/programs.ts';
import { SOL_DECIMALS } from '../notation/amounts.ts';
import { type Allowed, judge, judgeCall, listed, type Policy, refuseCost, refuseUnusual } from '../policy.ts';
import { requireApproval } from './approval.ts';
import { isCall } from './call-name.ts';
import { holdsReceipt, whyNot } from './check-message.ts';
import { interrupted } from './interrupted.ts';
import type { WalletKey } from './key.ts';
import { madeReceipts } from './receipts.ts';
import { refuseUnworthy } from './worth.ts';

/**
 * Whoever holds a wallet's key. It signs what the ledger and the policy say, whoever asks: the bytes are read here, the
 * payment is read from the ledger, and the policy is part of what is sealed with the key.
 */
export interface Signer {
  readonly policy: Policy | null;
  /** Names the receipt of a payment. Nobody else can know it, so nobody can make the account first. */
  receiptSeed(id: string): Promise<string>;
  /**
   * Signs the message of a payment.
   *
   * @throws NodeError `solana.signer` if the bytes are anything else; `solana.interrupted`, `solana.policy`, `solana.refused`,
   * `solana.needsApproval`; DataError `payment.stopped`
   */
  sign(message: Uint8Array, id: string): Promise<Uint8Array>;
}

/** For so long one signature may be made. Whoever stops the wallet waits for it. */
const SIGN_MS = 5_000;

/** A signer with a key, wherever that is kept. */
export function createSigner(given: {
  readonly key: WalletKey;
  readonly policy: Policy | null;
  readonly payments: Pick<Payments, 'read' | 'signing' | 'hasPaidTo' | 'approval'>;
  readonly now: () => Date;
}): Signer {
  const { key, policy, payments, now } = given;
  const receiptSeed = (id: string): Promise<string> => key.derive(id);
  return {
    policy,
    receiptSeed,
    sign: async (message, id) => {
      const payment = requireOpen(await payments.read(id), key.address);
      const problem = await refusal(message, payment);
      if (problem) throw refused(problem);
      // The time runs before the ledger notes it, so it is over before whoever stops the wallet goes on.
      const inTime = AbortSignal.timeout(SIGN_MS);
      requireOpen(await payments.signing(id, SIGN_MS), key.address);
      return key.sign(message, inTime);
    },
  };

  async function refusal(message: Uint8Array, payment: Payment): Promise<string | null> {
    const { terms, reserved } = payment;
    const { needsReceipt, needsApproval } = await allowanceOf(payment);
    const held = (asset: string): bigint => reserved.find((one) => one.asset === asset)?.amount ?? 0n;
    if (held(terms.asset) !== terms.amount) return 'what it pays is not set aside';
    refuseCost(policy, held(COST));
    refuseUnworthy(policy, terms, reserved);
    if (!isCall(terms.asset)) refuseUnusual(policy, { ...USUAL, offCurve: !(await isOnCurve(terms.recipient)) });
    if (needsApproval) await requireApproval(payments, terms, policy);
    const made = madeReceipts(payment);
    const isRequired = needsReceipt || made.length > 0;
    const seed = isRequired || holdsReceipt(message) ? await receiptSeed(terms.id) : '';
    const sources = terms.asset === 'SOL' || isCall(terms.asset) ? [] : await accountsOf(terms);
    return whyNot(message, payment, { receipt: { seed, isRequired, made }, sources });
  }

  async function allowanceOf({ terms, reserved }: Payment): Promise<Allowed> {
    if (!isCall(terms.asset)) return judge(policy, terms, now(), await payments.hasPaidTo(terms));
    const taken = reserved.filter(({ asset }) => asset !== COST && asset !== USD);
    // How many decimals a token has only the chain knows, so its limit for one call was compared before.
    for (const { asset } of taken) listed(policy ?? NOTHING, asset, terms.connection);
    const sol = taken.filter(({ asset }) => asset === 'SOL');
    return judgeCall(
      policy,
      terms,
      sol.map((one) => ({ ...one, decimals: SOL_DECIMALS })),
      now(),
    );
  }
}

/**
 * The payment, if its wallet may sign for it now.
 *
 * @throws NodeError `solana.signer`; `solana.interrupted` if the payment has ended: somebody else who worked on it was faster, or was
 * cancelled, and whoever comes again finds out which
 */
function requireOpen(payment: Payment | null, wallet: string): Payment {
  if (payment?.terms.wallet !== wallet) throw refused('there is no such payment');
  if (payment.state === 'open') return payment;
  throw interrupted(`The payment is ${payment.state} by now, so nothing was signed.`);
}

const refused = (problem: string): NodeError =>
  new NodeError('solana.signer', `The bytes to sign are not the payment: ${problem}.`);

/** Without a policy nothing may be paid. */
const NOTHING = { assets: [] };

/** What only the chain knows about a token is looked at before. */
const USUAL = { transferFee: false, transferHook: false };

/** The accounts in which the wallet holds a token, by the program that may own the mint. */
const accountsOf = ({ wallet, asset }: Payment['terms']): Promise<string[]> =>
  Promise.all(TOKEN_PROGRAMS.map((program) => tokenAccountOf({ owner: wallet, mint: asset, program })));
