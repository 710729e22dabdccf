import type { NodeContext } from '../../context.ts';
import type { PaymentTerms } from '../../payments.ts';
import { findTransaction } from '../chain/find-transaction.ts';
import { addressDeriver } from '../chain/library.ts';
import { seenBy } from '../chain/transactions/seen-by.ts';
import { SOL_DECIMALS, toUnits } from '../notation/amounts.ts';
import type { OpenWallet } from '../open.ts';
import { makePayment, withWallet } from '../payment/make-payment.ts';
import { paymentId } from '../payment/transfer.ts';
import { callName } from '../wallet/call-name.ts';
import { planCall } from './plan-call.ts';
import { type CallInput, readCall } from './read-call.ts';

/** All that authors say about a call. */
export interface CallProgramInput extends CallInput {
  readonly most?: readonly { readonly asset: string; readonly amount: string }[] | undefined;
  readonly payOnce?: string | undefined;
  readonly maxPriorityFee: string;
}

/**
 * Calls a program once with the wallet of the node: a call is a payment of whatever the simulation says that the wallet loses.
 *
 * @throws NodeError what refuses the call, or leaves it to a person
 */
export const callProgram = (ctx: NodeContext, input: CallProgramInput) =>
  withWallet(ctx, async (wallet) => {
    const { chain, key, connection } = wallet;
    const instruction = readCall(input, { wallet: key.address, derive: await addressDeriver() });
    const id = paymentId(ctx, { payOnce: input.payOnce ?? null }, `${chain.name}/${key.address}`);
    const terms: PaymentTerms = {
      ...{ id, chain: chain.name, wallet: key.address, connection, recipient: instruction.program },
      ...{ asset: callName(key.address, instruction), amount: 0n, decimals: 0 },
    };
    const order = { instruction, most: input.most ?? null, mostPriority: toUnits(input.maxPriorityFee, SOL_DECIMALS)! };
    const paid = await makePayment(ctx, wallet, { terms, planBy: (given) => planCall(given, terms, order) });
    const { signature, from, receipt, attempts, to: program } = paid;
    return { id, signature, from, program, receipt, attempts, ...(await done(wallet, signature)) };
  });

/** What the call did, if a provider shows it now. It was made in any case. */
async function done({ chain, key }: OpenWallet, signature: string | null) {
  const found = signature && (await findTransaction(chain, signature, 'finalized').catch(() => null));
  if (!found || found.status === 'undecodable') return { changes: null, logs: [] };
  const changes = seenBy(found, key.address).changes.map(({ asset, raw, decimals, text }) => ({
    asset,
    raw,
    decimals,
    text,
  }));
  return { changes, logs: found.logs };
}
