import type { PaymentTerms } from '../../payments.ts';
import type { CallProgramInput } from '../calls/call-program.ts';
import { planCall } from '../calls/plan-call.ts';
import { readCall } from '../calls/read-call.ts';
import { tryCall } from '../calls/trial.ts';
import { addressDeriver } from '../chain/library.ts';
import type { Provider } from '../chain/port.ts';
import { reading } from '../chain/reading.ts';
import { SOL_DECIMALS, toUnits } from '../notation/amounts.ts';
import { moneyOf } from '../notation/fields.ts';
import { mintOf } from '../payment/moves.ts';
import { costsOf } from '../reading/estimate.ts';
import { callName } from '../wallet/call-name.ts';
import { type Before, type PreviewBy, refusable, tryOut } from './try-out.ts';

/** A call that is looked at. */
export interface PreviewedCall extends Omit<CallProgramInput, 'payOnce'> {
  readonly before: readonly Before[];
}

/** What a call of a program would take from a wallet, and whether the wallet would make it. Nothing is signed, written or sent. */
export async function previewCall(by: PreviewBy, input: PreviewedCall) {
  const { chain, key, connection } = by.wallet;
  const instruction = readCall(input, { wallet: key.address, derive: await addressDeriver() });
  const terms: PaymentTerms = {
    ...{ id: 'preview', chain: chain.name, wallet: key.address, connection, recipient: instruction.program },
    ...{ asset: callName(key.address, instruction), amount: 0n, decimals: 0 },
  };
  const order = { instruction, most: input.most ?? null, mostPriority: toUnits(input.maxPriorityFee, SOL_DECIMALS)! };
  return reading(chain, async (provider) => {
    // What it would take is of interest also where the policy refuses it.
    const { value: trial } = await refusable(() => tryCall(provider, key.address, instruction));
    const { plan, refusal } = await tryOut(provider, by, input.before, (given) => planCall(given, terms, order));
    return {
      ...{ from: key.address, program: instruction.program },
      takes: trial ? await shown(provider, trial.taken) : null,
      costs: plan && costsOf({ fee: plan.fee, rent: 0n, receipt: plan.cost - plan.fee }),
      refusal,
    };
  });
}

async function shown(provider: Provider, taken: ReadonlyMap<string, bigint>) {
  const all = [];
  for (const [asset, amount] of taken)
    all.push({ asset, ...moneyOf(amount, (await mintOf(provider, asset))?.decimals ?? SOL_DECIMALS) });
  return all;
}
