import type { Holdings } from '../../define-connection.ts';
import { SOL_DECIMALS } from '../notation/amounts.ts';
import { moneyOf } from '../notation/fields.ts';
import type { Chain, TokenHolding } from './port.ts';
import { reading } from './reading.ts';

/** What an address holds: SOL, and tokens of both token programs. Accounts of the same mint are added up. */
export async function holdingsOf(chain: Chain, owner: string): Promise<Holdings> {
  const { lamports, tokens } = await reading(chain, async (provider) => ({
    lamports: (await provider.accounts([owner])).accounts[0]?.lamports ?? 0n,
    tokens: await provider.tokensOf(owner),
  }));
  return { sol: moneyOf(lamports, SOL_DECIMALS), tokens: byMint(tokens) };
}

function byMint(holdings: readonly TokenHolding[]): Holdings['tokens'] {
  const sums = new Map<string, TokenHolding>();
  for (const one of holdings) {
    const before = sums.get(one.mint)?.amount ?? 0n;
    sums.set(one.mint, { ...one, amount: before + one.amount });
  }
  return [...sums.values()]
    .sort((a, b) => (a.mint < b.mint ? -1 : 1))
    .map(({ mint, program, amount, decimals }) => ({ mint, program, ...moneyOf(amount, decimals) }));
}
