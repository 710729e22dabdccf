import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { computeBudget, messageOf } from '../chain/library.ts';
import type { Provider } from '../chain/port.ts';
import { reading } from '../chain/reading.ts';
import { SOL_DECIMALS, toUnits } from '../notation/amounts.ts';
import { moneyOf } from '../notation/fields.ts';
import { addressOf, readingChain } from '../open.ts';
import { mintOf, moveOf } from '../payment/moves.ts';
import { type Move, quote } from '../payment/plan.ts';
import type { Policy } from '../policy.ts';

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
  return reading(chain, (provider) => priceOf(provider, wallet, input));
}

/** The same, by what one provider says. @throws NodeError if there is no such payment at all */
export async function priceOf(provider: Provider, wallet: string, input: Estimated) {
  const move = await moveFrom(wallet, provider, input);
  const { units, price, fee: usual } = await quote(provider, move, toUnits(input.maxPriorityFee, SOL_DECIMALS)!);
  const { blockhash } = await provider.latestBlockhash();
  const instructions = [...(await computeBudget({ units, price })), ...move.instructions];
  const fee = (await provider.fee(await messageOf({ payer: wallet, blockhash, instructions }))) ?? usual;
  return costsOf({ fee, rent: move.rent, receipt: await provider.rent(0) });
}

/** Costs as nodes return them, by lamports. */
export const costsOf = (given: { readonly fee: bigint; readonly rent: bigint; readonly receipt: bigint }) => ({
  fee: inSol(given.fee),
  rent: inSol(given.rent),
  receipt: inSol(given.receipt),
  total: inSol(given.fee + given.rent + given.receipt),
});

/** Nothing is refused here: whoever asks for the price wants to know it. */
const ANY: Pick<Policy, 'allow'> = { allow: ['offCurve', 'transferFee', 'transferHook'] };

async function moveFrom(wallet: string, provider: Provider, { to, asset, amount: text }: Estimated): Promise<Move> {
  const mint = await mintOf(provider, asset);
  const decimals = mint?.decimals ?? SOL_DECIMALS;
  const units = toUnits(text, decimals);
  if (units === null)
    throw new NodeError('input.invalid', `"${text}" is no amount of ${asset}: it has ${decimals} decimals.`);
  return moveOf(provider, ANY, { wallet, recipient: to, asset, amount: units, decimals }, mint);
}

const inSol = (units: bigint) => moneyOf(units, SOL_DECIMALS);
