import { isOfProvider } from '../chain/errors.ts';
import type { DecodedTransaction } from '../chain/transactions/decoded.ts';
import { type Group, noteTokens } from './draft.ts';
import type { Found } from './finder.ts';
import type { Look } from './look.ts';
import { lookAt } from './look-at.ts';
import { nameOf } from './place.ts';
import type { Row } from './rows.ts';

/** Items after which no further transaction is taken: one may hold hundreds of events. */
const MOST_ITEMS = 130;

/** Transactions that are looked up together. */
const AT_ONCE = 40;

/** For so many slots a transaction may be missing before the watch goes on without it: some three minutes. */
const MISSING_FOR = 450;

/**
 * Takes transactions in their order, as many as the look may take.
 *
 * @returns signatures of those that the watch is done with
 */
export async function takeRows<Item>(look: Look<Item>, group: Group, rows: readonly Row[]): Promise<Set<string>> {
  const done = new Set<string>();
  while (done.size < rows.length && look.rowsLeft > 0 && !look.isOver()) {
    const some = rows.slice(done.size, done.size + Math.min(AT_ONCE, look.rowsLeft));
    const found = await lookedUp(look, some).catch((error: unknown) => keepWhatIs(look, done, error));
    if (found === null) return done;
    for (const row of some) {
      if (look.items.size > MOST_ITEMS) return done;
      const transaction = found.get(row.signature);
      if (meetsNewAccounts(look, group, transaction)) return done;
      if (!take(look, group, { row, transaction })) return done;
      done.add(row.signature);
    }
  }
  return done;
}

/** What was taken before a provider failed is kept, so that a look which always fails somewhere comes to an end. */
function keepWhatIs<Item>(look: Look<Item>, done: ReadonlySet<string>, error: unknown): null {
  if (done.size === 0 || !isOfProvider(error)) throw error;
  look.failure = error;
  return null;
}

/** Transactions that have to be looked up: those that can fire, and have not been dealt with before they were final. */
async function lookedUp<Item>(look: Look<Item>, rows: readonly Row[]): Promise<Map<string, DecodedTransaction | null>> {
  const wanted = rows.filter((row) => look.finder.counts(row.failed) && !isSettled(look, row));
  const signatures = wanted.map(({ signature }) => signature);
  look.rowsLeft -= signatures.length;
  const found = signatures.length === 0 ? [] : await lookAt(look.archive, signatures, 'finalized');
  return new Map(signatures.map((signature, index) => [signature, found[index] ?? null]));
}

/** It was looked at before it was final, and has become final in the same way. */
const isSettled = <Item>({ draft }: Look<Item>, { signature, failed }: Row): boolean =>
  draft.early[signature]?.failed === failed;

/** @returns false if the watch cannot go on behind this transaction */
function take<Item>(
  look: Look<Item>,
  { address }: Group,
  { row, transaction }: { readonly row: Row; readonly transaction: DecodedTransaction | null | undefined },
): boolean {
  const { draft, items, finder } = look;
  const { signature } = row;
  if (transaction === null) return isGivenUp(look, row);
  delete draft.missing[signature];
  const early = draft.early[signature];
  const found = transaction ? foundIn(look, transaction, address) : NOTHING;
  if (found.unread !== null) bury(look, row, found.unread);
  if (early?.fired !== true) for (const { key, item } of found.items) add(look, key, item as Item);
  else if (found.items.length === 0 && !isSettled(look, row))
    items.set(`${signature}:retracted`, finder.retracted(signature, address));
  look.settled.add(signature);
  return true;
}

const NOTHING: Found<never> = { items: [], unread: null };

function foundIn<Item>({ finder }: Look<Item>, transaction: DecodedTransaction, address: string): Found<Item> {
  if (transaction.status !== 'undecodable') return finder.find(transaction, address);
  return { items: [], unread: transaction.undecodable ?? 'It cannot be decoded.' };
}

/** Adds an item; what was found for another address already is one item with it. */
export function add<Item>({ items, finder }: Look<Item>, key: string, item: Item): void {
  const before = items.get(key);
  items.set(key, before === undefined ? item : finder.together(before, item));
}

/** A transaction that is listed, and that nobody can show, holds its address up for a while and not for ever. */
function isGivenUp<Item>(look: Look<Item>, row: Row): boolean {
  const { missing } = look.draft;
  missing[row.signature] ??= look.tip;
  if (look.tip < missing[row.signature]! + MISSING_FOR) {
    look.isHeldUp = true;
    return false;
  }
  delete missing[row.signature];
  bury(look, row, 'The providers list it, and none of them can show it.');
  return true;
}

const bury = <Item>({ deadLetters }: Look<Item>, { signature, slot }: Row, reason: string): void => {
  if (!deadLetters.some(({ key }) => key === signature))
    deadLetters.push({ key: signature, reason, where: `slot ${slot}` });
};

/** Notes token accounts that a transaction shows for the first time. Their own history comes first, in the next look. */
function meetsNewAccounts<Item>(
  look: Look<Item>,
  group: Group,
  transaction: DecodedTransaction | null | undefined,
): boolean {
  const { draft, mint } = look;
  const known = draft.tokens[nameOf(group.address)];
  if (!known || !transaction) return false;
  const isFollowed = (asset: string): boolean => asset !== 'SOL' && (mint === undefined || mint === asset);
  const fresh = transaction.changes.flatMap(({ account, owner, asset }) =>
    owner === group.address && isFollowed(asset) && !group.accounts.includes(account) ? [account] : [],
  );
  if (fresh.length === 0) return false;
  look.hasMore = true;
  noteTokens(draft, group.address, { listed: { ...known, accounts: [...known.accounts, ...fresh] }, since: known.at });
  return true;
}
