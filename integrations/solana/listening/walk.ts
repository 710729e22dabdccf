import { NodeError } from '../../error.ts';
import { keptFrom } from './kept-from.ts';
import type { Line } from './line.ts';
import { type Backlog, doneBy, type Mark, type PageEnd } from './place.ts';
import { PAGE, type PageOf, pageOf, type Row } from './rows.ts';

/** An account whose history is walked. */
export interface Walker {
  readonly account: string;
  readonly mark: Mark;
  readonly backlog: Backlog;
}

/** The oldest transactions of an account that a watch is not done with. */
export interface Walked {
  /** The oldest first. */
  readonly rows: readonly Row[];
  /** The pages that were read, down to the mark. */
  readonly backlog: Backlog;
  /** The first slot of which not all is known. */
  readonly knownTo: number;
}

/** What a walk needs besides its account. */
export interface WalkAt {
  readonly line: Line;
  /** Nothing that is newer is taken, so that what a look finds in several accounts belongs to the same time. */
  readonly tip: number;
  /** The slot that the provider must have reached to list rows; 0: it is not told. */
  readonly atLeast: number;
  /** What is missing below is taken for thrown away: all providers say so. */
  readonly mayHaveForgotten: boolean;
}

/** Code of the error that a provider may have thrown away what follows the place of the watch: another one may know it. */
export const FORGOTTEN = 'solana.forgotten';

/** Pages that one look reads of one account. */
const PAGES_A_LOOK = 10;

/** Rows that are read to find the one below the newest: others may have landed meanwhile. */
const NEWEST = 50;

/**
 * Walks down the history of an account, which providers list from the newest transaction on, until it meets the mark.
 * A page is believed only if it shows that it belongs where it stands, because a provider that does not know the
 * transaction where a page begins answers that nothing is below, and one that does not know the mark answers with everything.
 *
 * @param first the newest page, if it was read already
 * @returns the oldest rows, up to the end of a slot, so that they can be put in order with those of other accounts
 * @throws NodeError `solana.inconsistent`, `solana.forgotten` (retryable)
 */
export async function walk(at: WalkAt, walker: Walker, first?: readonly Row[]): Promise<Walked> {
  const pages = [...walker.backlog];
  const rows = await descend(at, walker, { pages, first });
  const backlog = [...pages];
  if (rows === null) return { rows: [], backlog, knownTo: -1 };
  for (let end = pages.at(-1); end && (rows.length === 0 || rows.at(-1)!.slot === end[0]); end = pages.at(-1)) {
    pages.pop();
    const above = await descend(at, walker, { pages, to: end });
    if (above === null) return { rows: [], backlog: [...pages, end], knownTo: -1 };
    rows.push(...above);
  }
  return { rows, backlog, knownTo: pages.at(-1)?.[0] ?? Number.POSITIVE_INFINITY };
}

/** Where a walk goes down from, and to. */
interface Descent {
  /** Ends of the pages that were read, the newest first. Those that are read now are added. */
  readonly pages: PageEnd[];
  readonly first?: readonly Row[] | undefined;
  /** A row that is the last one; absent: the mark is below the last one. */
  readonly to?: PageEnd;
}

/** Goes down page by page. @returns the rows of the last page, the oldest first; null if the look has read enough */
async function descend(at: WalkAt, walker: Walker, { pages, first, to }: Descent): Promise<Row[] | null> {
  const isDone = doneBy(walker.mark);
  for (let page = 0; page < PAGES_A_LOOK; page += 1) {
    const from = pages.at(-1);
    const listed = page === 0 && !from && first ? first : await pageBelow(at, walker, from);
    const below = from ? listed.slice(1) : listed;
    const end = below.findIndex((row) => (to ? row.signature === to[1] : isDone(row)));
    if (end >= 0) return upTo(at.tip, below.slice(0, to ? end + 1 : end));
    const mayEnd = !to && listed.length < PAGE;
    if (mayEnd && (listed.length === 0 || (await meetsMark(at, walker, endOf(listed, from)))))
      return upTo(at.tip, below);
    if (listed.length < 2) throw inconsistent(at, walker);
    pages.push(endOf(listed, from));
  }
  return null;
}

/** Rows that are not newer than a slot, the oldest first. */
const upTo = (tip: number, rows: readonly Row[]): Row[] => rows.filter(({ slot }) => slot <= tip).reverse();

/** The page below the end of another one, which it begins with; without one, the newest page. */
async function pageBelow(at: WalkAt, walker: Walker, from: PageEnd | undefined): Promise<Row[]> {
  const [, signature] = walker.mark;
  const until = signature === '' ? undefined : signature;
  const rows = await pageOf(at.line, { ...pageAt(at, walker), before: from?.[2], until });
  if (from && rows[0]?.signature !== from[1]) throw inconsistent(at, walker);
  return rows;
}

/**
 * Whether the row below the end of a page is the mark, or lies behind it.
 *
 * @throws NodeError if nothing is below, and more may have been there
 */
async function meetsMark(at: WalkAt, walker: Walker, [, last, above]: PageEnd): Promise<boolean> {
  const limit = above === '' ? NEWEST : 2;
  const rows = await pageOf(at.line, { ...pageAt(at, walker), before: above === '' ? undefined : above, limit });
  const place = rows.findIndex(({ signature }) => signature === last);
  const below = rows[place + 1];
  if (place < 0 || (!below && rows.length === limit)) throw inconsistent(at, walker);
  if (below) return doneBy(walker.mark)(below);
  if (at.mayHaveForgotten || (await isWholeSince(at.line, walker.mark))) return true;
  throw new NodeError(
    FORGOTTEN,
    `${at.line.name} does not show all that followed what was seen of ${walker.account}.`,
    {
      retryable: true,
    },
  );
}

/**
 * Whether a history that begins above the mark has lost nothing: nothing of the account was taken yet that would have to be
 * below, and the provider still has all blocks since then. It is asked after the page, because it may throw blocks away meanwhile.
 */
const isWholeSince = async (line: Line, [slot, signature]: Mark): Promise<boolean> =>
  signature === '' && (await keptFrom(line)) <= slot + 1;

const pageAt = ({ atLeast }: WalkAt, { account }: Walker): PageOf => ({
  address: account,
  commitment: 'finalized',
  atLeast,
});

/** The end of a page; a page that only repeats the end of the one above has the same. */
function endOf(rows: readonly Row[], from: PageEnd | undefined): PageEnd {
  const last = rows.at(-1)!;
  return from && rows.length === 1 ? from : [last.slot, last.signature, rows.at(-2)?.signature ?? ''];
}

const inconsistent = ({ line }: WalkAt, { account }: Walker): NodeError =>
  new NodeError(
    'solana.inconsistent',
    `${line.name} lists the transactions of ${account} in pages that do not fit together.`,
    { retryable: true },
  );
