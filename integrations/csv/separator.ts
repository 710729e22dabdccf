const CANDIDATES = [',', ';', '\t', '|'];
/** Lines that are looked at. */
const LINES = 10;

/** The separator that divides the first lines into the most fields, each line into as many. A comma if none does. */
export function separatorOf(text: string): string {
  const scores = CANDIDATES.map((separator) => scoreOf(text, separator));
  const best = Math.max(...scores);
  return best > 0 ? CANDIDATES[scores.indexOf(best)]! : ',';
}

/** Fields of the line that has the fewest, so that a separator which some lines lack does not count. */
function scoreOf(text: string, separator: string): number {
  let quoted = false;
  let found = 0;
  const counts: number[] = [];
  for (let at = 0; at < text.length && counts.length < LINES; at += 1) {
    const letter = text[at];
    if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === separator) found += 1;
    else if (!quoted && (letter === '\n' || letter === '\r')) {
      if (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') counts.push(found);
      found = 0;
    }
  }
  if (counts.length < LINES && found > 0) counts.push(found);
  return counts.length === 0 ? 0 : Math.min(...counts);
}

/** A first line that names the separator, as Excel writes and reads it. It is no row. */
const NAMED = /^sep=([^\r\n])(?:\r\n|\n|\r|$)/i;

/** The separator of a CSV text, and its rows. @param chosen the separator that the author names */
export function separated(text: string, chosen?: string): { separator: string; rows: string } {
  const named = NAMED.exec(text);
  const rows = text.slice(named?.[0].length ?? 0);
  return { separator: chosen ?? named?.[1] ?? separatorOf(rows), rows };
}
