import { cut, type Wish } from './cut.ts';
import { distancesOf, givingWay } from './distances.ts';
import { linkage } from './linkage.ts';
import { cosine, rounded, unit } from './vector.ts';

/** Members that belong together. */
export interface Cluster {
  /** Positions in the list, the most typical first. */
  readonly members: readonly number[];
  /** How alike the members are: their mean similarity to what is common to all. */
  readonly cohesion: number;
}

/** A member that belongs to none. */
export interface Outlier {
  readonly index: number;
  /** How far it is from the nearest cluster: 0 is within it. */
  readonly distance: number;
}

/** What belongs together in a list, and what stands alone. The same list always gives the same. */
export async function clustersOf(
  vectors: readonly (readonly number[])[],
  { minSize, ...wish }: Wish & { readonly minSize: number },
  signal: AbortSignal,
): Promise<{ clusters: Cluster[]; outliers: Outlier[] }> {
  const giveWay = givingWay(signal);
  const units = vectors.map(unit);
  const distances = await distancesOf(units, giveWay);
  const merges = await linkage(distances.copy(), giveWay);
  const division = await cut(distances, merges, wish, giveWay);
  const groups = Map.groupBy(division.keys(), (member) => division[member]!);
  const isAuto = wish.groups === undefined && wish.similarity === undefined;
  const large = [...groups.values()]
    .map((members) => (isAuto ? withoutStrays(units, members) : members))
    .filter(({ length }) => length >= minSize);
  const found = large.map((members) => ({ members, centre: centreOf(members.map((member) => units[member]!)) }));
  const inside = new Set(large.flat());
  return {
    clusters: found
      .map(({ members, centre }) => clusterOf(members, (member) => cosine(units[member]!, centre)))
      .sort((a, b) => b.members.length - a.members.length || Math.min(...a.members) - Math.min(...b.members)),
    outliers: units
      .map((one, index) => ({
        index,
        distance: rounded(1 - Math.max(0, ...found.map(({ centre }) => cosine(one, centre)))),
      }))
      .filter(({ index }) => !inside.has(index))
      .sort((a, b) => b.distance - a.distance || a.index - b.index),
  };
}

/** A member this many times as far from the centre as the middle one is a stray, if it is not near anyway. */
const STRAY = 3;
const NEAR = 0.05;

/** The members of a group without those that were put there only because they are nowhere else. */
function withoutStrays(units: readonly Float32Array[], members: readonly number[]): number[] {
  const centre = centreOf(members.map((member) => units[member]!));
  const distance = (member: number): number => 1 - cosine(units[member]!, centre);
  const sorted = members.map(distance).sort((a, b) => a - b);
  const most = STRAY * sorted[Math.floor((sorted.length - 1) / 2)]! + NEAR;
  return members.filter((member) => distance(member) <= most);
}

function clusterOf(members: readonly number[], likeness: (member: number) => number): Cluster {
  const likenesses = new Map(members.map((member) => [member, rounded(likeness(member))]));
  const mean = members.reduce((sum, member) => sum + likenesses.get(member)!, 0) / members.length;
  return {
    members: members.toSorted((a, b) => likenesses.get(b)! - likenesses.get(a)! || a - b),
    cohesion: rounded(mean),
  };
}

/** What several vectors have in common, as a vector of length one. */
function centreOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Array<number>(vectors[0]!.length).fill(0);
  for (const one of vectors)
    one.forEach((value, at) => {
      sum[at]! += value;
    });
  return unit(sum);
}
