import { createHash } from 'node:crypto';
import type { Json } from '../../../graph/json.ts';
import type { PollContext } from '../../context.ts';
import type { Polled, PollRequest } from '../../define-trigger.ts';
import { NodeError } from '../../error.ts';
import { shortHash } from '../../watching/seen.ts';
import type { Cluster } from '../chain/clusters.ts';
import type { RpcCall } from '../chain/json-rpc.ts';
import type { Account } from '../chain/port.ts';
import { readAccount } from '../chain/read.ts';
import { field, listOf } from '../chain/values.ts';
import type { DecodedData } from '../idl/decode.ts';
import type { AccountItem, AccountPlace } from './account-item.ts';
import { askOne, type Line } from './line.ts';
import { asked, behind, otherChain, reach } from './reach.ts';
import { slotOf } from './rows.ts';

/** Accounts that are watched. */
export interface WatchedAccounts {
  readonly addresses: readonly string[];
  readonly lamports: boolean;
  /** Reads the content of an account; null: it is given as it is. */
  readonly read: ((data: Uint8Array) => DecodedData | null) | null;
}

/** Accounts of one call: as many as providers take. Large ones are asked for in smaller numbers. */
const AT_ONCE = 100;

/** How much content one look passes on. The rest follows in the next look. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Items of one look. */
const MOST_ITEMS = 200;

/** Takes accounts whose content is another one than in the look before. */
export const changedAccounts = (
  ctx: PollContext,
  request: PollRequest<WatchedAccounts, AccountPlace>,
): Promise<Polled<AccountItem, AccountPlace>> =>
  asked(ctx, request.cursor, ({ archive, cluster }) => look(archive.line, { ...request, cluster }));

async function look(
  line: Line,
  { with: watched, cursor, from, cluster }: PollRequest<WatchedAccounts, AccountPlace> & { readonly cluster: Cluster },
): Promise<Polled<AccountItem, AccountPlace>> {
  const { chain, tip } = await reach(line, cluster);
  if (cursor && cursor.chain !== chain) throw otherChain(line);
  if (cursor && tip < cursor.slot) throw behind(line, { slot: tip, seen: cursor.slot });
  const { addresses } = watched;
  const names = addresses.map((address) => shortHash(address));
  const seen: Record<string, string> = {};
  for (const name of names) if (cursor?.seen[name] !== undefined) seen[name] = cursor.seen[name];
  const items: { key: string; item: AccountItem }[] = [];
  let next = cursor && cursor.next < addresses.length ? cursor.next : 0;
  let bytes = 0;
  const isFirst = cursor === null || cursor.isFirst === true;
  while (next < addresses.length && items.length + AT_ONCE <= MOST_ITEMS && bytes < MOST_BYTES) {
    const some = addresses.slice(next, next + AT_ONCE);
    const { slot, accounts } = await read(line, some, Math.max(tip, cursor?.slot ?? 0));
    for (const [index, address] of some.entries()) {
      const account = accounts[index] ?? null;
      const now = hashOf(account, watched.lamports);
      const name = names[next + index]!;
      // An account that is new to the watch is noted, unless everything that is there is to be taken.
      const isNew = seen[name] === undefined;
      const fires = isNew ? isFirst && from === 'beginning' && account !== null : seen[name] !== now;
      seen[name] = now;
      if (!fires) continue;
      bytes += account?.data.length ?? 0;
      items.push({ key: `${address}:${slot}:${now}`, item: itemOf(watched, { address, slot, account }) });
    }
    next += some.length;
  }
  const isWhole = next >= addresses.length;
  const place = { chain, slot: tip, next: isWhole ? 0 : next, seen, ...(isFirst && !isWhole && { isFirst }) };
  return { items, cursor: place, more: !isWhole };
}

/** Reads accounts at one slot. @throws NodeError if the provider is behind that */
async function read(
  line: Line,
  addresses: readonly string[],
  atLeast: number,
): Promise<{ readonly slot: number; readonly accounts: readonly (Account | null)[] }> {
  try {
    const answer = await askOne(line, callFor(addresses, atLeast));
    const slot = slotOf(field(field(answer, 'context'), 'slot'));
    if (slot < atLeast) throw behind(line, { slot, seen: atLeast });
    return { slot, accounts: listOf(addresses.length, field(answer, 'value')).map(readAccount) };
  } catch (error) {
    // Together they are too large: half as many at a time.
    const isTooLarge = error instanceof NodeError && error.code === 'solana.answer' && !error.retryable;
    if (!isTooLarge || addresses.length === 1) throw error;
    const half = Math.ceil(addresses.length / 2);
    const first = await read(line, addresses.slice(0, half), atLeast);
    const second = await read(line, addresses.slice(half), first.slot);
    return { slot: second.slot, accounts: [...first.accounts, ...second.accounts] };
  }
}

const callFor = (addresses: readonly string[], atLeast: number): RpcCall => {
  const options: Json = { commitment: 'finalized', encoding: 'base64', minContextSlot: atLeast };
  return { method: 'getMultipleAccounts', params: [[...addresses], options] };
};

function hashOf(account: Account | null, lamports: boolean): string {
  if (account === null) return '';
  const hash = createHash('sha256')
    .update(`${account.owner} ${lamports ? account.lamports : ''} `)
    .update(account.data);
  return hash.digest('base64url').slice(0, 16);
}

function itemOf(
  { read: decode }: WatchedAccounts,
  { address, slot, account }: { readonly address: string; readonly slot: number; readonly account: Account | null },
): AccountItem {
  const decoded = account && decode ? decode(account.data) : null;
  return {
    ...{ address, exists: account !== null, slot, lamports: String(account?.lamports ?? 0n) },
    ...{ owner: account?.owner ?? null, raw: Buffer.from(account?.data ?? []).toString('base64') },
    ...{ name: decoded?.name ?? null, data: decoded?.value ?? null },
  };
}
