import { NodeError } from '../../error.ts';
import { readStatus } from '../chain/read.ts';
import { field, listOf } from '../chain/values.ts';
import type { Group } from './draft.ts';
import type { Line } from './line.ts';
import type { Look } from './look.ts';
import { lookAt } from './look-at.ts';
import { doneBy, nameOf } from './place.ts';
import { pageOf, type Row } from './rows.ts';
import { add } from './take-rows.ts';

/** Transactions that are remembered until they are final. Further ones fire when they are. */
const MOST = 1_000;

/** Slots after which a transaction that has vanished cannot land any more: twice as long as its blockhash lives. */
const LAND_WITHIN = 300;

/** Takes transactions of a group that are confirmed and not yet final, the oldest first. */
export async function takeEarly<Item>(look: Look<Item>, group: Group): Promise<void> {
  const { draft, finder } = look;
  const rows = await earlyRows(look, group);
  const some = rows.slice(0, Math.max(0, Math.min(look.rowsLeft, MOST - Object.keys(draft.early).length)));
  look.rowsLeft -= some.length;
  const wanted = some.filter(({ failed }) => finder.counts(failed)).map(({ signature }) => signature);
  const found = wanted.length === 0 ? [] : await lookAt(look.archive, wanted, 'confirmed');
  const transactions = new Map(wanted.map((signature, index) => [signature, found[index] ?? null]));
  for (const { signature, slot, failed } of some) {
    const transaction = transactions.get(signature);
    // What cannot be shown or decoded yet is dealt with when it is final.
    if (transaction === null || transaction?.status === 'undecodable') continue;
    const items = transaction ? finder.find(transaction, group.address).items : [];
    for (const { key, item } of items) add(look, key, finder.early(item));
    draft.early[signature] = { slot, failed, fired: items.length > 0 || draft.early[signature]?.fired === true };
  }
}

/** Rows that are newer than what is final, the oldest first. */
async function earlyRows<Item>(
  { archive: { line }, draft, atLeast, items }: Look<Item>,
  { accounts }: Group,
): Promise<Row[]> {
  const rows = new Map<string, Row>();
  for (const account of accounts) {
    const mark = draft.marks[nameOf(account)]!;
    const until = mark[1] === '' ? undefined : mark[1];
    const page = await pageOf(line, { address: account, commitment: 'confirmed', atLeast, until });
    const end = page.findIndex(doneBy(mark));
    for (const row of (end < 0 ? page : page.slice(0, end)).toReversed())
      if (!draft.early[row.signature] || items.has(row.signature)) rows.set(row.signature, row);
  }
  return [...rows.values()].sort((a, b) => a.slot - b.slot);
}

/** Forgets what has become final, and retracts what has fired and can no longer become final. */
export async function settleEarly<Item>(look: Look<Item>, address: string): Promise<void> {
  const { draft, tip, items, archive, finder } = look;
  for (const signature of look.settled) delete draft.early[signature];
  const overdue = Object.entries(draft.early).filter(([, { slot }]) => slot + LAND_WITHIN < tip);
  for (const [signature, early] of overdue.slice(0, 100)) {
    const end = await endOf([archive.line, ...archive.others], signature);
    if (end === 'open') continue;
    if (early.fired && end === 'gone') items.set(`${signature}:retracted`, finder.retracted(signature, address));
    delete draft.early[signature];
  }
}

/** What has become of a transaction: gone only if all providers say that they do not know it. */
async function endOf(lines: readonly Line[], signature: string): Promise<'final' | 'gone' | 'open'> {
  for (const line of lines) {
    const [answer] = await line.ask([
      { method: 'getSignatureStatuses', params: [[signature], { searchTransactionHistory: true }] },
    ]);
    if (answer === undefined || answer instanceof NodeError) return 'open';
    const status = readStatus(listOf(1, field(answer, 'value'))[0]!);
    if (status) return status.commitment === 'finalized' ? 'final' : 'open';
  }
  return 'gone';
}
