import type { Json } from '../../../graph/json.ts';
import type { PollContext } from '../../context.ts';
import type { Polled } from '../../define-trigger.ts';
import { NodeError } from '../../error.ts';
import { shortHash } from '../../watching/seen.ts';
import { type Cluster, clusterOf } from '../chain/clusters.ts';
import { isOfProvider, tellingOf } from '../chain/errors.ts';
import { field, text } from '../chain/values.ts';
import { rpcAccess } from '../wallet/open-linked.ts';
import { keptFrom } from './kept-from.ts';
import { type Line, openLine } from './line.ts';
import type { Archive } from './look-at.ts';
import { slotOf } from './rows.ts';
import { FORGOTTEN } from './walk.ts';

const BEHIND = 'solana.behind';

/** Slots that providers may be behind, all of them, without anybody being told: about an hour. */
const FAR = 9_000;

/** What a look is told besides its request. */
export interface Reached {
  readonly archive: Archive;
  readonly cluster: Cluster;
  /** All providers may have thrown away what follows the place of the watch. */
  readonly mayHaveForgotten: boolean;
}

/**
 * Looks with the first provider of the connection that can be looked with. If all of them are behind what the watch has
 * seen, nothing is new. If all may have thrown away what follows, it goes on with what the one has that remembers most.
 */
export async function asked<Item, Place extends Json>(
  ctx: PollContext,
  cursor: Place | null,
  look: (reached: Reached) => Promise<Polled<Item, Place>>,
): Promise<Polled<Item, Place>> {
  const { urls, cluster } = rpcAccess(ctx.connection);
  const lines = urls.map((url) => openLine(ctx, url));
  const archives = lines.map((line) => ({ line, others: lines.filter((other) => other !== line) }));
  const failures: NodeError[] = [];
  for (const archive of archives) {
    try {
      return await look({ archive, cluster, mayHaveForgotten: false });
    } catch (error) {
      if (!isOfProvider(error)) throw error;
      failures.push(error);
    }
  }
  const areAll = (code: string): boolean => failures.every((failure) => failure.code === code);
  // Whoever is that far behind may never get there: then one of them has named a slot that does not exist.
  const isNear = failures.some(({ details }) => Number((details as { behind?: number } | undefined)?.behind) <= FAR);
  if (cursor !== null && areAll(BEHIND) && isNear) return { items: [], cursor };
  if (areAll(FORGOTTEN)) return look({ archive: await longest(archives), cluster, mayHaveForgotten: true });
  // That one is behind says nothing, so that another one's error says more.
  const others = failures.filter(({ code }) => code !== BEHIND && code !== FORGOTTEN);
  throw tellingOf(others.length > 0 ? others : failures);
}

/** The one that remembers most; the first of those that remember as much. */
async function longest(archives: readonly Archive[]): Promise<Archive> {
  const kept = await Promise.all(archives.map(({ line }) => keptFrom(line)));
  return archives[kept.indexOf(Math.min(...kept))]!;
}

/** Which chain a provider shows, and how far it is. @throws NodeError `solana.wrongCluster` */
export async function reach(line: Line, cluster: Cluster): Promise<{ readonly chain: string; readonly tip: number }> {
  const [hash, epoch] = await line.ask([
    { method: 'getGenesisHash', params: [] },
    { method: 'getEpochInfo', params: [{ commitment: 'finalized' }] },
  ]);
  if (hash instanceof NodeError) throw hash;
  if (epoch instanceof NodeError) throw epoch;
  const chain = text(hash ?? null);
  if (clusterOf(chain) !== cluster) throw otherChain(line);
  return { chain: shortHash(chain), tip: slotOf(field(epoch ?? null, 'absoluteSlot')) };
}

/** The provider has not seen yet what the watch has. */
export const behind = (line: Line, { slot, seen }: { readonly slot: number; readonly seen: number }): NodeError =>
  new NodeError(
    BEHIND,
    `${line.name} is at slot ${slot}, ${seen - slot} slots behind what was seen already. If that slot does not exist, give the trigger another id: then it begins anew.`,
    { retryable: true, details: { behind: seen - slot } },
  );

export const otherChain = (line: Line): NodeError =>
  new NodeError(
    'solana.wrongCluster',
    `${line.name} shows another chain than the one that is watched. Nothing was taken.`,
  );
