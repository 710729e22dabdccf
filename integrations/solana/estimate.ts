import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import type { PaymentTerms } from '../payments.ts';
import { fromUnits, SOL_DECIMALS, toUnits } from './amounts.ts';
import { computeBudget, messageOf } from './chain/library.ts';
import type { Provider } from './chain/port.ts';
import { reading } from './chain/reading.ts';
import { addressOf, readingChain } from './open.ts';
import { mintOf, moveSol, moveToken } from './payment/moves.ts';
import { quote } from './payment/plan.ts';

/** A payment whose price is asked. */
export interface Estimated {
  readonly from?: string | undefined;
  readonly to: string;
  readonly asset: string;
  readonly amount: string;
  readonly maxPriorityFee: string;
}

/** What a payment would cost now. */
export async function estimate(ctx: NodeContext, input: Estimated) {
  const chain = await readingChain(ctx);
  const wallet = addressOf(ctx, input.from);
  return reading(chain, async (provider) => {
    const move = await moveOf(provider, chain.name, { ...input, wallet });
    const { units, price, fee: usual } = await quote(provider, move, toUnits(input.maxPriorityFee, SOL_DECIMALS)!);
    const { blockhash } = await provider.latestBlockhash();
    const instructions = [...(await computeBudget({ units, price })), ...move.instructions];
    const fee = (await provider.fee(await messageOf({ payer: wallet, blockhash, instructions }))) ?? usual;
    const receipt = await provider.rent(0);
    const total = fee + move.rent + receipt;
    return { fee: inSol(fee), rent: inSol(move.rent), receipt: inSol(receipt), total: inSol(total) };
  });
}

/** Nothing is refused here: whoever asks for the price wants to know it. */
const ANY = { allow: ['offCurve', 'transferFee', 'transferHook'] } as const satisfies { allow: readonly string[] };

async function moveOf(
  provider: Provider,
  chain: string,
  { wallet, to, asset, amount: text }: { wallet: string; to: string; asset: string; amount: string },
) {
  const mint = asset === 'SOL' ? null : await mintOf(provider, asset);
  const decimals = mint?.decimals ?? SOL_DECIMALS;
  const units = toUnits(text, decimals);
  if (units === null)
    throw new NodeError('input.invalid', `"${text}" is no amount of ${asset}: it has ${decimals} decimals.`);
  const terms: PaymentTerms = {
    ...{ id: '', connection: '', chain, wallet, recipient: to, asset, amount: units, decimals },
  };
  const permissions = { allow: [...ANY.allow] };
  return mint === null ? moveSol(provider, permissions, terms) : moveToken(provider, permissions, terms, mint);
}

const inSol = (units: bigint) => ({
  raw: String(units),
  decimals: SOL_DECIMALS,
  text: fromUnits(units, SOL_DECIMALS),
});
