import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { findTransaction } from '../chain/find-transaction.ts';
import type { Chain, HistoryEntry, HistoryPage, Landed } from '../chain/port.ts';
import { askingAll, reading } from '../chain/reading.ts';
import { undecodable } from '../chain/transactions/decoded.ts';
import { addressOf, readingChain } from '../open.ts';
import { type HistoryCursor, MOST_ACCOUNTS, readCursor, writeCursor } from './history-cursor.ts';
import { seenFor } from './look-up.ts';
import { type AccountHistory, type Listed, mergeHistory } from './merge-history.ts';

/** Which part of whose history is wanted. */
interface Asked {
  readonly address?: string | undefined;
  readonly tokenAccounts: boolean;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly before?: string | undefined;
  readonly until?: string | undefined;
  readonly decode: boolean;
  readonly commitment: Landed;
}

/** Lists a page of transactions. */
export async function listHistory(ctx: NodeContext, asked: Asked) {
  const chain = await readingChain(ctx);
  const address = addressOf(ctx, asked.address);
  const start = asked.cursor === undefined ? await begin(chain, address, asked) : readCursor(asked.cursor);
  const histories: AccountHistory[] = [];
  for (const place of start.accounts) {
    await ctx.rate.turn();
    const { limit, commitment } = asked;
    const entries = await pageOf(chain, place.account, { limit, commitment, before: place.before ?? undefined });
    histories.push({ ...place, entries, isWhole: entries.length < limit });
  }
  const { limit, until = null } = asked;
  const { listed, cursor, reachedUntil } = mergeHistory(histories, { limit, until, start });
  const transactions = [];
  for (const one of listed) transactions.push(await shown(ctx, chain, one, { ...asked, address }));
  return { address, transactions, cursor: writeCursor(cursor), reachedUntil };
}

async function begin(chain: Chain, address: string, { tokenAccounts, before }: Asked): Promise<HistoryCursor> {
  const holdings = tokenAccounts ? await reading(chain, (provider) => provider.tokensOf(address)) : [];
  if (holdings.length >= MOST_ACCOUNTS)
    throw new NodeError(
      'solana.tooManyAccounts',
      `${address} owns ${holdings.length} token accounts, and a list can follow ${MOST_ACCOUNTS - 1}. List without tokenAccounts.`,
    );
  const accounts = [address, ...holdings.map(({ account }) => account)].map((account) => ({
    account,
    before: before ?? null,
  }));
  return { accounts, slot: null, listed: [] };
}

/** A page of one account. A short one ends the list, so the others are asked as well: the one that remembers most is right. */
async function pageOf(chain: Chain, account: string, page: HistoryPage): Promise<readonly HistoryEntry[]> {
  const entries = await reading(chain, (provider) => provider.history(account, page));
  if (entries.length >= page.limit || chain.providers.length === 1) return entries;
  const { answers } = await askingAll(chain, (provider) => provider.history(account, page));
  return answers.reduce((longest, one) => (one.length > longest.length ? one : longest), entries);
}

async function shown(
  ctx: NodeContext,
  chain: Chain,
  { signature, slot, error, accounts }: Listed,
  { decode, commitment, address }: Asked & { readonly address: string },
) {
  const entry = { signature, slot: String(slot), succeeded: error === null, error, accounts };
  if (!decode) return { ...entry, transaction: null, seen: null };
  await ctx.rate.turn();
  const transaction =
    (await findTransaction(chain, signature, commitment)) ??
    undecodable(signature, 'It is listed, but no provider shows it.', { slot: entry.slot });
  return { ...entry, transaction, seen: seenFor(transaction, address) };
}
