import { createHash } from 'node:crypto';

/** Characters of a short hash: 48 bits, so that even among ten thousand of them none is hit by chance. */
const LENGTH = 8;

/** A short hash of the parts of an identity. */
export const shortHash = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, LENGTH);

/** What was seen before, as a cursor keeps it: short hashes, one after the other, the latest first. */
export type Seen = string;

/** Looks up short hashes in what was seen. */
export function readSeen(seen: Seen): ReadonlySet<string> {
  const hashes = new Set<string>();
  for (let at = 0; at + LENGTH <= seen.length; at += LENGTH) hashes.add(seen.slice(at, at + LENGTH));
  return hashes;
}

/** What was seen, with these hashes first, and at most `limit` of the others after them. */
export function writeSeen(latest: Iterable<string>, before: ReadonlySet<string>, limit: number): Seen {
  const first = new Set(latest);
  const rest = [...before].filter((hash) => !first.has(hash)).slice(0, limit);
  return [...first, ...rest].join('');
}
