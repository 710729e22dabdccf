import type { Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import { field, list, text } from '../chain/values.ts';
import type { Line } from './line.ts';
import { type Backlog, doneBy, type Mark, markAfter } from './place.ts';
import type { Row } from './rows.ts';
import type { Walked } from './walk.ts';

/** An account of a group, and what a walk has found there. */
export interface AccountWalk extends Walked {
  readonly account: string;
  readonly mark: Mark;
}

/**
 * Puts the rows of several accounts into the order of the chain. A transaction that concerns several of them is one row.
 * What is newer than where an account's rows are known to end has to wait for the rest of that account.
 */
export async function merge(line: Line, walks: readonly AccountWalk[]): Promise<Row[]> {
  const limit = Math.min(...walks.map(({ knownTo }) => knownTo));
  const lists = walks.map(({ rows }) => rows.filter(({ slot }) => slot < limit));
  const slots = new Map<number, Row[][]>();
  for (const rows of lists) {
    for (const [slot, some] of bySlot(rows)) slots.set(slot, [...(slots.get(slot) ?? []), some]);
  }
  const merged: Row[] = [];
  for (const slot of [...slots.keys()].sort((a, b) => a - b))
    merged.push(...(await inBlock(line, slot, slots.get(slot)!)));
  return merged;
}

function bySlot(rows: readonly Row[]): Map<number, Row[]> {
  const slots = new Map<number, Row[]>();
  for (const row of rows) {
    const same = slots.get(row.slot);
    if (same) same.push(row);
    else slots.set(row.slot, [row]);
  }
  return slots;
}

/** The rows of one slot. If no account knows all of them, the block says in which order they are. */
async function inBlock(line: Line, slot: number, lists: readonly Row[][]): Promise<Row[]> {
  const rows = [...new Map(lists.flat().map((row) => [row.signature, row])).values()];
  const whole = lists.find(({ length }) => length === rows.length);
  if (whole) return whole;
  const order = await blockOrder(line, slot);
  const place = ({ signature }: Row): number => order.get(signature) ?? Number.POSITIVE_INFINITY;
  return rows.sort((a, b) => place(a) - place(b) || 0);
}

/** Where transactions stand in a block; empty if the provider does not have the block any more. */
async function blockOrder(line: Line, slot: number): Promise<ReadonlyMap<string, number>> {
  const options: Json = {
    ...{ commitment: 'finalized', transactionDetails: 'signatures', rewards: false },
    maxSupportedTransactionVersion: 1,
  };
  const [block] = await line.ask([{ method: 'getBlock', params: [slot, options] }]);
  if (block === null || block === undefined || block instanceof NodeError) return new Map();
  return new Map(list(field(block, 'signatures')).map((signature, index) => [text(signature), index]));
}

/** Where an account is when some rows are done with. */
export function after(
  { rows, mark: before, backlog: pages }: AccountWalk,
  done: ReadonlySet<string>,
): { readonly mark: Mark; readonly backlog: Backlog; readonly hasMore: boolean } {
  const end = rows.findIndex(({ signature }) => !done.has(signature));
  const mark = markAfter(before, end < 0 ? rows : rows.slice(0, end));
  const isDone = doneBy(mark);
  const backlog = pages.filter(([slot, signature]) => !isDone({ slot, signature, failed: false }));
  return { mark, backlog, hasMore: end >= 0 || backlog.length > 0 };
}
