import type { Distances } from './distances.ts';

/** Two groups become one; each is named by its first member. */
export interface Merge {
  readonly a: number;
  readonly b: number;
  /** The mean distance between members of the one and of the other. */
  readonly height: number;
}

/**
 * Hierarchical clustering by mean distances (UPGMA), with chains of nearest neighbours: in quadratic time, and with the same
 * result for the same list. Merges come with the lowest first.
 *
 * @param distances are used up
 */
export async function linkage(distances: Distances, giveWay: () => Promise<void>): Promise<Merge[]> {
  const { count } = distances;
  const sizes = new Array<number>(count).fill(1);
  const merges: Merge[] = [];
  const chain: number[] = [];
  let first = 0;
  while (merges.length < count - 1) {
    if (chain.length === 0) {
      while (sizes[first] === 0) first += 1;
      chain.push(first);
    }
    const tip = chain.at(-1)!;
    const before = chain.at(-2) ?? -1;
    const near = nearest(distances, sizes, { tip, before });
    if (near !== before) chain.push(near);
    else {
      chain.length -= 2;
      merges.push(join(distances, sizes, { a: Math.min(tip, near), b: Math.max(tip, near) }));
    }
    await giveWay();
  }
  // Stable, so that equal heights keep the order in which the groups were found.
  return merges.sort((one, other) => one.height - other.height);
}

/** The nearest group; of several, the one before in the chain, because the chain would otherwise never end. */
function nearest(
  distances: Distances,
  sizes: readonly number[],
  { tip, before }: { tip: number; before: number },
): number {
  let [best, distance] = [before, before < 0 ? Number.POSITIVE_INFINITY : distances.get(tip, before)];
  for (let other = 0; other < sizes.length; other += 1) {
    if (other === tip || sizes[other] === 0) continue;
    const far = distances.get(tip, other);
    if (far < distance) [best, distance] = [other, far];
  }
  return best;
}

/** The second group is added to the first, whose distances become those of both. */
function join(distances: Distances, sizes: number[], { a, b }: { a: number; b: number }): Merge {
  const height = distances.get(a, b);
  const [ofA, ofB] = [sizes[a]!, sizes[b]!];
  for (let other = 0; other < sizes.length; other += 1) {
    if (other === a || other === b || sizes[other] === 0) continue;
    distances.set(a, other, (ofA * distances.get(a, other) + ofB * distances.get(b, other)) / (ofA + ofB));
  }
  sizes[a] = ofA + ofB;
  sizes[b] = 0;
  return { a, b, height };
}

/** The group of each member after some merges, named by its first member. */
export function groupsAfter(count: number, merges: readonly Merge[]): number[] {
  const parent = Array.from({ length: count }, (_, at) => at);
  const root = (at: number): number => {
    let top = at;
    while (parent[top] !== top) top = parent[top]!;
    // Later walks from here are short.
    for (let below = at; below !== top; ) {
      const above = parent[below]!;
      parent[below] = top;
      below = above;
    }
    return top;
  };
  for (const { a, b } of merges) {
    const [one, other] = [root(a), root(b)];
    parent[Math.max(one, other)] = Math.min(one, other);
  }
  return parent.map((_, at) => root(at));
}
