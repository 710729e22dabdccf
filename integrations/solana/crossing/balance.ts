import type { PollContext } from '../../context.ts';
import type { PollRequest } from '../../define-trigger.ts';
import { NodeError } from '../../error.ts';
import type { Provider } from '../chain/port.ts';
import { reading } from '../chain/reading.ts';
import { moneyOf } from '../notation/fields.ts';
import { addressOf, readingChain } from '../open.ts';
import type { CrossingInput } from './fields.ts';
import { type Crossed, type CrossingCursor, crossings } from './watch.ts';

/** What a watch of a balance is told. */
export type BalanceInput = CrossingInput & { readonly address?: string | undefined; readonly asset: string };

/** Where it is. */
export type BalanceCursor = CrossingCursor & {
  /** What was read last is of this slot: nothing older counts. */
  readonly slot: string;
};

/** Reads a balance, and compares it with the lines of the watch. */
export async function balanceCrossings(ctx: PollContext, request: PollRequest<BalanceInput, BalanceCursor>) {
  const { with: given, cursor } = request;
  const { asset } = given;
  const owner = addressOf(ctx, given.address);
  const chain = await readingChain(ctx);
  const least = BigInt(cursor?.slot ?? 0);
  const { slot, amount, decimals } = await reading(chain, (provider) => heldBy(provider, { owner, asset, least }));
  const value = { units: amount, scale: decimals };
  const item = (line: Crossed) => ({
    ...{ address: owner, asset, slot: String(slot), ...line },
    balance: moneyOf(amount, decimals),
  });
  const found = crossings(request, { range: { low: value, high: value }, item, now: Date.now() });
  return { ...found, cursor: { ...found.cursor, slot: String(slot) } };
}

/** @throws NodeError `solana.behind` if the provider is further behind than what was read before */
async function heldBy(
  provider: Provider,
  { owner, asset, least }: { readonly owner: string; readonly asset: string; readonly least: bigint },
) {
  const held = await provider.held(owner, asset, least);
  if (held.slot >= least) return held;
  throw new NodeError(
    'solana.behind',
    `${provider.name} is at slot ${held.slot}, and the balance was read at slot ${least} before.`,
    { retryable: true },
  );
}
