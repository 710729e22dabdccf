import { NodeError } from '../../error.ts';
import { COST, type Payment, type Payments } from '../../payments.ts';
import { isOnCurve, tokenAccountOf } from '../chain/library.ts';
import { TOKEN_PROGRAMS } from '../chain/programs.ts';
import { judge, type Policy, refuseCost, refuseUnusual } from '../policy.ts';
import { whyNot } from './check-message.ts';
import type { Keypair } from './keypair.ts';
import { isBoundToReceipt } from './receipts.ts';

/**
 * Whoever holds a wallet's key. It signs what the ledger and the policy say, whoever asks: the bytes are read here, the
 * payment is read from the ledger, and the policy is part of what is sealed with the key.
 */
export interface Signer {
  readonly policy: Policy | null;
  /** Names the receipt of a payment. Nobody else can know it, so nobody can make the account first. */
  receiptSeed(id: string): string;
  /**
   * Signs the message of a payment.
   *
   * @throws NodeError `solana.signer` if the bytes are anything else; `solana.policy`, `solana.refused`
   */
  sign(message: Uint8Array, id: string): Promise<Uint8Array>;
}

/** A signer with a key in this process. */
export function createSigner(given: {
  readonly keypair: Keypair;
  readonly policy: Policy | null;
  readonly payments: Pick<Payments, 'read'>;
  readonly now: () => Date;
}): Signer {
  const { keypair, policy, payments, now } = given;
  const receiptSeed = (id: string): string => keypair.derive(id);
  return {
    policy,
    receiptSeed,
    sign: async (message, id) => {
      const payment = await payments.read(id);
      const problem = payment === null ? 'no such payment is open' : await refusal(message, payment);
      if (problem) throw new NodeError('solana.signer', `The bytes to sign are not the payment: ${problem}.`);
      return keypair.sign(message);
    },
  };

  async function refusal(message: Uint8Array, payment: Payment): Promise<string | null> {
    const { terms, state, reserved } = payment;
    if (state !== 'open' || terms.wallet !== keypair.address) return 'no such payment is open';
    const { needsReceipt } = judge(policy, terms, now());
    const held = (asset: string): bigint => reserved.find((one) => one.asset === asset)?.amount ?? 0n;
    if (held(terms.asset) !== terms.amount) return 'what it pays is not set aside';
    refuseCost(policy, held(COST));
    refuseUnusual(policy, { ...USUAL, offCurve: !(await isOnCurve(terms.recipient)) });
    const isRequired = needsReceipt || isBoundToReceipt(payment);
    const sources = terms.asset === 'SOL' ? [] : await accountsOf(terms);
    return whyNot(message, payment, { receipt: { seed: receiptSeed(terms.id), isRequired }, sources });
  }
}

/** What only the chain knows about a token is looked at before. */
const USUAL = { transferFee: false, transferHook: false };

/** The accounts in which the wallet holds a token, by the program that may own the mint. */
const accountsOf = ({ wallet, asset }: Payment['terms']): Promise<string[]> =>
  Promise.all(TOKEN_PROGRAMS.map((program) => tokenAccountOf({ owner: wallet, mint: asset, program })));
