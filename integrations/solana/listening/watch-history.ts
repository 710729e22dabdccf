import type { PollContext } from '../../context.ts';
import type { Polled, PollRequest } from '../../define-trigger.ts';
import { isOfProvider } from '../chain/errors.ts';
import { draftOf, type Group, groupOf, noteTokens, placeOf } from './draft.ts';
import { settleEarly, takeEarly } from './early.ts';
import type { Finder } from './finder.ts';
import type { Look } from './look.ts';
import type { Archive } from './look-at.ts';
import { lookAtGroup } from './look-at-group.ts';
import { nameOf, type Place } from './place.ts';
import { asked, behind, otherChain, type Reached, reach } from './reach.ts';
import { pageCall, type Row, readRows } from './rows.ts';
import { isListDue, listTokenAccounts, relisted } from './tokens.ts';

/** What is watched, and what is looked for there. */
export interface Watched<Item> {
  readonly addresses: readonly string[];
  /** Token accounts are watched, too: all, those of one mint, or none. */
  readonly tokens: 'all' | 'none' | { readonly mint: string };
  readonly commitment: 'finalized' | 'confirmed';
  readonly finder: Finder<Item>;
  /** Slot of an item, for the order among addresses. */
  readonly slotOf: (item: Item) => number;
}

/** How long a look takes at most, and how many items it gathers before it takes up further addresses. */
const LOOK_MS = 60_000;
const ENOUGH = 120;

/** Addresses that are asked about together, and transactions that are looked up for all of them. */
const CHUNK = 20;
const ROWS_A_CHUNK = 120;

/**
 * Takes the transactions of some addresses that are new, in the order of the chain for each address. The history that
 * providers list at `finalized` is the truth; where the watch is in it moves only over what was taken.
 */
export function watchHistory<Item>(
  ctx: PollContext,
  request: PollRequest<Watched<Item>, Place>,
): Promise<Polled<Item, Place>> {
  return asked(ctx, request.cursor, (reached) => lookWith(reached, request));
}

async function lookWith<Item>(
  { archive, cluster, mayHaveForgotten }: Reached,
  { with: watched, cursor, from }: PollRequest<Watched<Item>, Place>,
): Promise<Polled<Item, Place>> {
  const { chain, tip } = await reach(archive.line, cluster);
  if (cursor && cursor.chain !== chain) throw otherChain(archive.line);
  if (cursor && tip < cursor.tip) throw behind(archive.line, { slot: tip, seen: cursor.tip });
  const start = from === 'beginning' ? -1 : tip;
  const known = cursor ?? { chain, tip: start, next: 0, marks: {}, backlogs: {}, tokens: {} };
  const draft = draftOf(known, watched.addresses, cursor ? cursor.tip : start);
  const atLeast = cluster === 'custom' ? 0 : tip;
  const look = newLook(archive, { watched, tip, atLeast, draft, mayHaveForgotten });
  await lookRound(look, watched, cursor === null && from === 'now');
  const { items, deadLetters, hasMore, failure } = look;
  const isPending = draft.isPending || hasMore;
  const isWhole = draft.next === 0;
  if (isWhole) draft.tip = tip;
  draft.isPending = isPending && !isWhole;
  return {
    // Within an address the order is that of the chain already, and sorting keeps it.
    items: [...items]
      .map(([key, item]) => ({ key, item }))
      .sort((a, b) => watched.slotOf(a.item) - watched.slotOf(b.item)),
    cursor: placeOf(draft),
    more: isPending || failure !== null || !isWhole,
    ...(deadLetters.length > 0 && { deadLetters }),
  };
}

function newLook<Item>(
  archive: Archive,
  given: Pick<Look<Item>, 'tip' | 'atLeast' | 'draft' | 'mayHaveForgotten'> & { readonly watched: Watched<Item> },
): Look<Item> {
  const end = performance.now() + LOOK_MS;
  const { watched, ...rest } = given;
  return {
    ...{ ...rest, archive, finder: watched.finder, mint: mintOf(watched) },
    ...{ items: new Map(), deadLetters: [], settled: new Set() },
    ...{ rowsLeft: 0, hasMoved: false, hasMore: false, isHeldUp: false, failure: null },
    isOver: () => performance.now() > end,
  };
}

/** Looks at the addresses whose turn it is, until all have had theirs or the look has done enough. */
async function lookRound<Item>(look: Look<Item>, watched: Watched<Item>, isFirst: boolean): Promise<void> {
  const { draft } = look;
  const { addresses, tokens } = watched;
  while (draft.next < addresses.length && look.items.size <= ENOUGH && !look.isOver()) {
    const some = addresses.slice(draft.next, draft.next + CHUNK);
    try {
      if (tokens !== 'none') await refreshTokens(look, some);
      // The first look takes nothing: everything up to its tip is done with.
      if (!isFirst) await lookAtSome(look, some, watched);
    } catch (error) {
      if (!look.hasMoved || !isOfProvider(error)) throw error;
      look.failure = error;
    }
    if (look.failure) break;
    draft.next += some.length;
    look.hasMoved = true;
  }
  if (draft.next >= addresses.length) draft.next = 0;
  await settleEarly(look, addresses[0]!);
}

/** Looks at some addresses, and again where there was more than a share, because the other ones may be many. */
async function lookAtSome<Item>(
  look: Look<Item>,
  addresses: readonly string[],
  { commitment }: Watched<Item>,
): Promise<void> {
  const { draft } = look;
  const hadMore = look.hasMore;
  let hasMore = true;
  while (hasMore && look.items.size <= ENOUGH && !look.isOver() && !look.failure) {
    look.hasMore = false;
    const groups = addresses.map((address) => groupOf(draft, address));
    const first = await firstPages(
      look,
      groups.flatMap(({ accounts }) => accounts),
    );
    const isBusy = ({ accounts }: Group): boolean => accounts.some((account) => first.get(account)?.length !== 0);
    const share = Math.ceil(ROWS_A_CHUNK / Math.max(1, groups.filter(isBusy).length));
    for (const group of groups) {
      // However much happens at one address, the others have their share.
      look.rowsLeft = share;
      await lookAtGroup(look, group, first);
      if (look.failure) break;
      const isWhole = group.accounts.every((account) => draft.backlogs[nameOf(account)] === undefined);
      if (commitment === 'confirmed' && isWhole && !look.hasMore) await takeEarly(look, group);
    }
    ({ hasMore } = look);
  }
  look.hasMore = hadMore || hasMore;
}

/** The newest pages of accounts that have no backlog. */
async function firstPages<Item>(
  { archive, draft, atLeast }: Look<Item>,
  accounts: readonly string[],
): Promise<Map<string, Row[]>> {
  const fresh = accounts.filter((account) => draft.backlogs[nameOf(account)] === undefined);
  const calls = fresh.map((account) => {
    const [, signature] = draft.marks[nameOf(account)]!;
    const until = signature === '' ? undefined : signature;
    return pageCall({ address: account, until, commitment: 'finalized', atLeast });
  });
  const answers = await archive.line.ask(calls);
  return new Map(fresh.map((account, index) => [account, readRows(answers[index])]));
}

/** Lists the token accounts of addresses for which that is due. */
async function refreshTokens<Item>(
  { archive, draft, tip, mint }: Look<Item>,
  addresses: readonly string[],
): Promise<void> {
  const due = addresses.filter((address) => isListDue(draft.tokens[nameOf(address)], tip));
  const lists = due.length === 0 ? [] : await listTokenAccounts(archive.line, due, { mint, tip });
  for (const [index, address] of due.entries()) {
    const known = draft.tokens[nameOf(address)];
    const since = known?.at ?? draft.marks[nameOf(address)]![0];
    noteTokens(draft, address, { listed: relisted(known, lists[index]!, tip), since });
  }
}

const mintOf = <Item>({ tokens }: Watched<Item>): string | undefined =>
  typeof tokens === 'object' ? tokens.mint : undefined;
