import { quoteFinder } from '../tasks/quotes.ts';

/** Where a quote stands. */
export interface QuotePlace {
  /** As the page has it. */
  readonly text: string;
  /** From 1. */
  readonly page: number;
  /** Letters of the page before it. */
  readonly start: number;
}

/** The first place of each quote that stands on one of the pages. Quotes that stand nowhere are left out. */
export function placesOf(pages: readonly string[], quotes: readonly string[]): QuotePlace[] {
  const finders = pages.map(quoteFinder);
  const places = quotes.flatMap((quote) => {
    for (const [at, find] of finders.entries()) {
      const place = find(quote);
      if (place) return [{ text: pages[at]!.slice(place.start, place.end), page: at + 1, start: place.start }];
    }
    return [];
  });
  const known = new Set<string>();
  return places.filter(({ page, start }) => {
    const key = `${page}:${start}`;
    return !known.has(key) && known.add(key);
  });
}
