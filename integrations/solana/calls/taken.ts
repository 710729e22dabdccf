import type { Account } from '../chain/port.ts';
import { SYSTEM } from '../chain/programs.ts';
import { readTokenAccount, type TokenAccount } from '../chain/token-account.ts';

/** What a call would do to a wallet, by a simulation. */
export interface Taken {
  /** What the wallet would have less of, by asset. Fees, and what receipts hold, are among its SOL. */
  readonly amounts: ReadonlyMap<string, bigint>;
  /** What the wallet would lose besides, in words; null: nothing. */
  readonly control: string | null;
}

/** Accounts at one moment, in the order in which they were asked for. */
type Accounts = readonly (Account | null)[];

/**
 * Compares what a wallet holds before and after, whatever the instructions say: SOL in its own account and in its token
 * accounts, and tokens. Who would get power over them counts, too, because a balance that somebody else can move is gone.
 *
 * @param addresses those of the accounts, the wallet first
 */
export function takenFrom(wallet: string, addresses: readonly string[], before: Accounts, after: Accounts): Taken {
  const [had, has] = [holdings(wallet, before), holdings(wallet, after)];
  const amounts = new Map<string, bigint>();
  for (const [asset, amount] of had) {
    const less = amount - (has.get(asset) ?? 0n);
    if (less > 0n) amounts.set(asset, less);
  }
  return { amounts, control: controlLost(wallet, addresses, before, after) };
}

/** What belongs to a wallet among accounts: SOL, and tokens by mint. SOL that is wrapped as tokens is SOL. */
function holdings(wallet: string, [own, ...others]: Accounts): ReadonlyMap<string, bigint> {
  const held = new Map<string, bigint>([['SOL', own?.lamports ?? 0n]]);
  const add = (asset: string, amount: bigint): void => void held.set(asset, (held.get(asset) ?? 0n) + amount);
  for (const account of others) {
    const token = account && readTokenAccount(account);
    if (!token || token.owner !== wallet) continue;
    add('SOL', account.lamports);
    if (!token.isNative) add(token.mint, token.amount);
  }
  return held;
}

function controlLost(
  wallet: string,
  addresses: readonly string[],
  [ownBefore, ...before]: Accounts,
  [own, ...after]: Accounts,
): string | null {
  const isOwn = (account: Account | null | undefined): boolean => !account || account.owner === SYSTEM;
  if (isOwn(ownBefore) && !isOwn(own)) return 'the account of the wallet itself would belong to a program';
  // The system pays nothing from an account with content, and whoever is named in it may have power over what it holds.
  if (!hasContent(ownBefore) && hasContent(own)) return 'the account of the wallet itself would be no wallet any more';
  for (const [index, account] of after.entries()) {
    const was = tokenIn(before[index]);
    const is = tokenIn(account);
    if (is?.owner !== wallet) continue;
    const address = addresses[index + 1];
    if (is.delegate !== null && (was?.delegate !== is.delegate || is.delegated > was.delegated))
      return `${is.delegate} could take tokens from ${address}`;
    if (is.closer !== null && is.closer !== wallet && was?.closer !== is.closer)
      return `${is.closer} could close ${address}`;
  }
  return null;
}

const hasContent = (account: Account | null | undefined): boolean => (account?.data.length ?? 0) > 0;

const tokenIn = (account: Account | null | undefined): TokenAccount | null =>
  account ? readTokenAccount(account) : null;
