import { readSeen, type Seen } from './seen.ts';

/** Most hashes that a trail keeps: what is older is not looked at again. */
const MOST = 4_000;
const HASH = 8;

/**
 * How far a watch has come in something ordered in which items may appear behind its end: a transaction that began early
 * and ended late. The last part of the way is looked at again for a while, and what was seen there is remembered.
 */
export type Trail<P> = {
  /** Everything up to here is done with. Null: nothing is. */
  readonly done: P | null;
  /** Looks that found something, the oldest first: when, how far they came, and hashes of what they found. */
  readonly looks: { readonly at: number; readonly end: P; readonly seen: Seen }[];
};

/** The beginning of a trail: before everything, or behind `end`. */
export const newTrail = <P>(end: P | null): Trail<P> => ({ done: end, looks: [] });

/** What was seen behind `done`. */
export const seenOf = <P>({ looks }: Trail<P>): ReadonlySet<string> => readSeen(looks.map(({ seen }) => seen).join(''));

/** The trail after a look. @param lateMs how late something may appear behind the end */
export function advance<P>(
  { done, looks }: Trail<P>,
  look: { readonly at: number; readonly end: P; readonly seen: readonly string[] } | null,
  { now, lateMs }: { readonly now: number; readonly lateMs: number },
): Trail<P> {
  const kept = look && look.seen.length > 0 ? [...looks, { ...look, seen: look.seen.join('') }] : [...looks];
  const count = () => kept.reduce((sum, { seen }) => sum + seen.length / HASH, 0);
  let end = done;
  while (kept.length > 0 && (kept[0]!.at <= now - lateMs || count() > MOST)) end = kept.shift()!.end;
  return { done: end, looks: kept };
}
