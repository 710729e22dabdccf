import type { Distances } from './distances.ts';
import { groupsAfter, type Merge } from './linkage.ts';

/** How many ways to divide a list are compared. */
const CUTS = 24;
/** Members whose mean distance is below this are the same for people: such a list is one group. */
const ALIKE = 0.05;

/** How a list is divided into groups: so many, as alike as this, or as its members suggest. */
export interface Wish {
  readonly groups?: number | undefined;
  /** Members of a group have at least this mean similarity. */
  readonly similarity?: number | undefined;
}

/** The group of each member. */
export async function cut(
  distances: Distances,
  merges: readonly Merge[],
  { groups, similarity }: Wish,
  giveWay: () => Promise<void>,
): Promise<number[]> {
  const { count } = distances;
  const after = (many: number): number[] => groupsAfter(count, merges.slice(0, many));
  if (groups !== undefined) return after(Math.max(0, count - groups));
  if (similarity !== undefined) return after(merges.filter(({ height }) => height <= 1 - similarity).length);
  if (count < 3 || merges.at(-1)!.height < ALIKE) return after(merges.length);
  let [best, bestScore] = [after(merges.length), 0];
  for (const many of candidates(merges.length)) {
    const division = after(many);
    const score = await silhouette(distances, division, giveWay);
    // Of equally good divisions, the one into fewer groups, which comes first.
    if (score > bestScore + 1e-6) [best, bestScore] = [division, score];
  }
  return best;
}

/** Numbers of merges to try: each near the end, where few large groups are left, then ever fewer. */
function candidates(merges: number): number[] {
  const left = new Set<number>();
  for (let at = 0; at < CUTS; at += 1) left.add(at < 12 ? at + 1 : Math.round(12 * (merges / 12) ** ((at - 11) / 12)));
  return [...left].filter((undone) => undone < merges).map((undone) => merges - undone);
}

/**
 * How well a division fits: the mean over all members of how much nearer the own group is than the next one, from -1 to 1.
 * A member alone in its group counts 0.
 */
async function silhouette(
  distances: Distances,
  division: readonly number[],
  giveWay: () => Promise<void>,
): Promise<number> {
  const names = [...new Set(division)];
  const place = new Map(names.map((name, at) => [name, at]));
  const group = division.map((name) => place.get(name)!);
  const sizes = names.map((name) => division.filter((one) => one === name).length);
  let total = 0;
  for (let member = 0; member < group.length; member += 1) {
    const sums = new Float64Array(names.length);
    for (let other = 0; other < group.length; other += 1) sums[group[other]!]! += distances.get(member, other);
    total += widthOf(sums, sizes, group[member]!);
    await giveWay();
  }
  return total / group.length;
}

function widthOf(sums: Float64Array, sizes: readonly number[], own: number): number {
  if (sizes[own]! < 2) return 0;
  const inside = sums[own]! / (sizes[own]! - 1);
  let outside = Number.POSITIVE_INFINITY;
  for (let at = 0; at < sizes.length; at += 1) {
    if (at !== own) outside = Math.min(outside, sums[at]! / sizes[at]!);
  }
  const larger = Math.max(inside, outside);
  return larger > 0 && Number.isFinite(outside) ? (outside - inside) / larger : 0;
}
