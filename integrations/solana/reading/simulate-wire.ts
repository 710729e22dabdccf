import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { accountsOf } from '../chain/library.ts';
import { readHeld } from '../chain/mint.ts';
import type { Account } from '../chain/port.ts';
import { reading } from '../chain/reading.ts';
import { simulateSteadily } from '../chain/steady.ts';
import { fromUnits, SOL_DECIMALS } from '../notation/amounts.ts';
import { readingChain } from '../open.ts';

/** The most accounts whose changes are shown. */
const MOST_ACCOUNTS = 64;

/** What the bytes of a transaction would do now. @throws NodeError `input.invalid` */
export async function simulateWire(ctx: NodeContext, wire: Uint8Array) {
  const accounts = await accountsOf(wire);
  if (!accounts) throw new NodeError('input.invalid', 'transaction is none: the bytes cannot be read.');
  const chain = await readingChain(ctx);
  const shown = accounts.slice(0, MOST_ACCOUNTS);
  const { before, simulation } = await reading(chain, (provider) => simulateSteadily(provider, wire, shown));
  const { error, logs, units } = simulation;
  const changes = error === null ? shown.flatMap((one, at) => changesOf(one, before[at], simulation.accounts[at])) : [];
  return { succeeds: error === null, error, logs: [...logs], units: units === null ? null : String(units), changes };
}

type Found = Account | null | undefined;

function changesOf(account: string, before: Found, after: Found) {
  const lamports = (after?.lamports ?? 0n) - (before?.lamports ?? 0n);
  const held = (after && readHeld(after)) ?? (before && readHeld(before));
  const tokens = held ? amountOf(after) - amountOf(before) : 0n;
  return [
    ...(lamports === 0n
      ? []
      : [{ account, asset: 'SOL', raw: String(lamports), text: fromUnits(lamports, SOL_DECIMALS) }]),
    ...(held && tokens !== 0n ? [{ account, asset: held.mint, raw: String(tokens), text: null }] : []),
  ];
}

const amountOf = (account: Found): bigint => (account ? (readHeld(account)?.amount ?? 0n) : 0n);
