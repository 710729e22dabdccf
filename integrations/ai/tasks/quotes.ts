/** A place in a text: letters from `start`, up to and without `end`. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Finds quotes in one text. */
export type FindQuote = (quote: string) => Place | null;

/** Dashes, quotation marks and the like that models write in another form than the text has. */
const SAME: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '‑': '-',
  '…': '.',
  '\u00ad': '',
};

/**
 * Prepares a text for finding quotes in it. A quote is found if it stands there to the letter, except for white space, capital
 * letters, and the form of dashes and quotation marks, which models change.
 */
export function quoteFinder(text: string): FindQuote {
  let plain: Plain | undefined;
  return (quote) => {
    const wanted = trimQuote(quote);
    if (wanted === '') return null;
    const exact = text.indexOf(wanted);
    if (exact >= 0) return { start: exact, end: exact + wanted.length };
    plain ??= plainOf(text);
    const sought = plainOf(wanted).text;
    const at = sought === '' ? -1 : plain.text.indexOf(sought);
    if (at < 0) return null;
    return { start: plain.from[at]!, end: plain.from[at + sought.length - 1]! + 1 };
  };
}

/** The quotes that stand in a text, as the text has them, each once. What a model made up is left out. */
export function quotesIn(text: string, quotes: readonly string[]): string[] {
  const find = quoteFinder(text);
  const places = quotes.map(find).filter((place) => place !== null);
  return [...new Set(places.map(({ start, end }) => text.slice(start, end)))];
}

interface Plain {
  readonly text: string;
  /** Where each letter comes from. */
  readonly from: readonly number[];
}

function plainOf(text: string): Plain {
  const from: number[] = [];
  const letters: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]!;
    const same = /\s/.test(letter) ? ' ' : (SAME[letter] ?? lower(letter));
    if (same === '' || (same === ' ' && (letters.at(-1) ?? ' ') === ' ')) continue;
    letters.push(same);
    from.push(at);
  }
  if (letters.at(-1) === ' ') letters.pop();
  return { text: letters.join(''), from };
}

/** One letter stays one letter. */
function lower(letter: string): string {
  const low = letter.toLowerCase();
  return low.length === 1 ? low : letter;
}

/** Without the quotation marks and dots that a model puts around a quote. */
const trimQuote = (quote: string): string => {
  const trimmed = quote
    .trim()
    .replace(/^["“„«]/, '')
    .replace(/["”“»]$/, '');
  return trimmed
    .replace(/^(?:…|\.\.\.)/, '')
    .replace(/(?:…|\.\.\.)$/, '')
    .trim();
};
