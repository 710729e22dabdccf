import type { HistoryEntry } from '../chain/port.ts';
import { type HistoryCursor, MOST_LISTED } from './history-cursor.ts';

/** What a provider listed of an account, the newest first. */
export interface AccountHistory {
  readonly account: string;
  readonly before: string | null;
  readonly entries: readonly HistoryEntry[];
  /** There is nothing older. */
  readonly isWhole: boolean;
}

/** A transaction of one or more accounts. */
export interface Listed extends HistoryEntry {
  readonly accounts: string[];
}

/** A page, and where the next one begins. */
export interface HistoryPart {
  readonly listed: readonly Listed[];
  readonly cursor: HistoryCursor;
  readonly reachedUntil: boolean;
}

/** A list that is being read. */
interface Reader extends AccountHistory {
  at: number;
}

/**
 * Puts the lists of several accounts together, the newest first. Each list is read from its beginning without a gap, so where
 * it was left is where the next page goes on. A transaction that is in several lists is listed once.
 */
export function mergeHistory(
  histories: readonly AccountHistory[],
  { limit, until, start }: { readonly limit: number; readonly until: string | null; readonly start: HistoryCursor },
): HistoryPart {
  const readers: Reader[] = histories.map((history) => ({ ...history, at: 0 }));
  const listed = new Map<string, Listed>();
  const skipped = new Set(start.listed);
  let last: bigint | null = null;
  while (listed.size < limit) {
    const reader = newest(readers);
    const entry = reader?.entries[reader.at];
    // What is older in a list that is at its end is not known yet, so nothing may be taken from the others.
    if (!reader || !entry || (last !== null && entry.slot < last)) break;
    if (entry.signature === until) last = entry.slot;
    else if (listed.has(entry.signature)) listed.get(entry.signature)!.accounts.push(reader.account);
    else if (!skipped.has(entry.signature)) listed.set(entry.signature, { ...entry, accounts: [reader.account] });
    reader.at += 1;
  }
  const isOver = last !== null && listed.size < limit;
  const accounts = isOver ? [] : placesOf(readers);
  return { listed: [...listed.values()], cursor: { accounts, ...lastOf(start, listed) }, reachedUntil: isOver };
}

/** The list whose next entry is the newest; none if a list would have to be continued first, or all are at their end. */
function newest(readers: readonly Reader[]): Reader | undefined {
  if (readers.some(({ at, entries, isWhole }) => at === entries.length && !isWhole)) return undefined;
  return readers
    .filter(({ at, entries }) => at < entries.length)
    .reduce<Reader | undefined>((best, one) => (best && slotOf(best) >= slotOf(one) ? best : one), undefined);
}

const slotOf = ({ entries, at }: Reader): bigint => entries[at]!.slot;

/** Where the lists were left that are not at their end. */
const placesOf = (readers: readonly Reader[]): HistoryCursor['accounts'] =>
  readers
    .filter(({ at, entries, isWhole }) => at < entries.length || !isWhole)
    .map(({ account, before, entries, at }) => ({ account, before: entries[at - 1]?.signature ?? before }));

/** The oldest slot that was reached, and all that was listed of it, also on earlier pages. */
function lastOf(start: HistoryCursor, listed: ReadonlyMap<string, Listed>): Pick<HistoryCursor, 'slot' | 'listed'> {
  const all = [...listed.values()];
  const slot = all.at(-1)?.slot;
  if (slot === undefined) return { slot: start.slot, listed: start.listed };
  const now = all.flatMap((one) => (one.slot === slot ? [one.signature] : []));
  const before = start.slot === String(slot) ? start.listed : [];
  return { slot: String(slot), listed: [...before, ...now].slice(-MOST_LISTED) };
}
