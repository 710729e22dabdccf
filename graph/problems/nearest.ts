/**
 * The known name that the author most likely meant, or null if no name is close: at most a third of the letters differ
 * (two swapped letters count once), or only the case differs.
 */
export function nearest(name: string, known: Iterable<string>): string | null {
  if (name.length > 100) return null;
  let best: string | null = null;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= least) continue;
    const away = candidate.toLowerCase() === name.toLowerCase() ? 0 : distance(name, candidate);
    if (away < least) {
      least = away;
      best = candidate;
    }
  }
  return best;
}

/** The end of a message or hint: ` Did you mean x?`, or nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const found = nearest(name, known);
  return found === null ? '' : ` Did you mean \`${found}\`?`;
}

/** Edits (insert, delete, replace, swap neighbours) between two short texts. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
