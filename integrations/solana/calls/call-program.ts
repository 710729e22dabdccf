import type { NodeContext } from '../../context.ts';
import type { PaymentTerms } from '../../payments.ts';
import { findTransaction } from '../chain/find-transaction.ts';
import { reading } from '../chain/reading.ts';
import { seenBy } from '../chain/transactions/seen-by.ts';
import { SOL_DECIMALS, toUnits } from '../notation/amounts.ts';
import { type OpenWallet, openWallet } from '../open.ts';
import { pay } from '../payment/pay.ts';
import { outcomeOf } from '../payment/settled.ts';
import { sweep } from '../payment/sweep.ts';
import { paymentId, requireLedger, usualClock } from '../payment/transfer.ts';
import { callName } from '../wallet/call-name.ts';
import { createSigner } from '../wallet/signer.ts';
import { planCall } from './plan-call.ts';
import { type CallInput, readCall } from './read-call.ts';

/** All that authors say about a call. */
export interface CallProgramInput extends CallInput {
  readonly most?: readonly { readonly asset: string; readonly amount: string }[] | undefined;
  readonly payOnce?: string | undefined;
  readonly maxPriorityFee: string;
}

/** Calls a program with the wallet of the node. */
export async function callProgram(ctx: NodeContext, input: CallProgramInput) {
  const network = new AbortController();
  try {
    const wallet = await openWallet(ctx, network.signal);
    return await call(ctx, wallet, input);
  } finally {
    network.abort();
  }
}

/**
 * Calls a program once: a call is a payment of whatever the simulation says that the wallet loses.
 *
 * @throws NodeError what refuses the call, or leaves it to a person
 */
async function call(ctx: NodeContext, wallet: OpenWallet, input: CallProgramInput) {
  const { chain, key, policy, connection } = wallet;
  const payments = requireLedger(ctx.payments);
  const instruction = readCall(input, key.address);
  const id = paymentId(ctx, { payOnce: input.payOnce ?? null }, `${chain.name}/${key.address}`);
  await sweep(payments, chain, key.address);
  const terms: PaymentTerms = {
    ...{ id, chain: chain.name, wallet: key.address, connection, recipient: instruction.program },
    ...{ asset: callName(key.address, instruction), amount: 0n, decimals: 0 },
  };
  const signer = createSigner({ key, policy, payments, now: () => new Date() });
  const order = { instruction, most: input.most ?? null, mostPriority: toUnits(input.maxPriorityFee, SOL_DECIMALS)! };
  const plan = () =>
    reading(chain, async (provider) => {
      const { attempts = [] } = (await payments.read(id)) ?? {};
      return planCall({ provider, signer, payments, now: new Date(), attempts }, terms, order);
    });
  const clock = usualClock(ctx.signal);
  const paid = outcomeOf(
    await pay({ payments, chain, signer, terms, plan, worth: async () => null, cancelled: ctx.signal, clock }),
  );
  const { signature, from, receipt, attempts, to: program } = paid;
  return { id, signature, from, program, receipt, attempts, ...(await done(wallet, signature)) };
}

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
