import type { Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import { feeOf } from '../chain/fee.ts';
import type { Instruction } from '../chain/instructions.ts';
import { computeBudget, messageOf, wireOf } from '../chain/library.ts';
import type { Provider } from '../chain/port.ts';
import { simulateSteadily } from '../chain/steady.ts';
import { whyFailed } from '../chain/why-failed.ts';
import { refused } from '../policy.ts';
import { takenFrom } from './taken.ts';

/** The most work that a transaction may do, and the room that is left for more work than in the simulation. */
const MOST_UNITS = 1_400_000;
const MORE = 1.25;
const SOME_MORE = 5_000;

/** What a call would do if it landed now. */
export interface Trial {
  /** What the wallet would have less of, by asset, without the fee. */
  readonly taken: ReadonlyMap<string, bigint>;
  /** Work that it may be given. */
  readonly units: number;
}

/** The accounts that a call can change, the wallet first. */
export const changedBy = (wallet: string, { accounts }: Instruction): string[] => [
  ...new Set([wallet, ...accounts.filter(({ writable }) => writable).map(({ address }) => address)]),
];

/**
 * Simulates a call by itself.
 *
 * @throws NodeError `solana.simulation` if it would fail; `solana.policy` if somebody else would get power over what the wallet holds
 */
export async function tryCall(provider: Provider, wallet: string, call: Instruction): Promise<Trial> {
  const { blockhash } = await provider.latestBlockhash();
  const instructions = [...(await computeBudget({ units: MOST_UNITS, price: 0n })), call];
  const message = await messageOf({ payer: wallet, blockhash, instructions });
  const addresses = changedBy(wallet, call);
  const { before, simulation } = await simulateSteadily(provider, wireOf(message, new Uint8Array(64)), addresses);
  if (simulation.error !== null) throw wouldFail(simulation.error, simulation.logs);
  const { amounts, control } = takenFrom(wallet, addresses, before, simulation.accounts);
  if (control !== null) throw refused(`After the call, ${control}. Nothing was signed.`);
  const used = Number(simulation.units ?? BigInt(MOST_UNITS));
  return {
    taken: withoutCosts(amounts, feeOf(BigInt(MOST_UNITS), 0n)),
    units: Math.min(MOST_UNITS - SOME_MORE, Math.ceil(used * MORE) + SOME_MORE),
  };
}

/** What was taken besides fees and receipts, which are counted by themselves. */
export function withoutCosts(amounts: ReadonlyMap<string, bigint>, costs: bigint): ReadonlyMap<string, bigint> {
  const sol = (amounts.get('SOL') ?? 0n) - costs;
  const others = [...amounts].filter(([asset]) => asset !== 'SOL');
  return new Map(sol > 0n ? [['SOL', sol], ...others] : others);
}

const wouldFail = (error: Json, logs: readonly string[]): NodeError =>
  new NodeError('solana.simulation', `The call would fail on the chain: ${whyFailed(error, logs)}.`, {
    details: { error, logs: logs.slice(-10) },
  });
