import { splitText } from '../parts/split.ts';

/** A piece of a document that a model may be shown. */
export interface Passage {
  /** Position among the passages of the document, from 0. */
  readonly index: number;
  /** Page, slide or sheet, from 1. */
  readonly page: number;
  /** Letters of the page before it. */
  readonly start: number;
  readonly text: string;
}

/** About how many tokens a passage has: a few paragraphs, so that it can be found by its meaning. */
const PASSAGE = 300;

/** The passages of a document, in its order. Together they are its text. */
export function passagesOf(pages: readonly string[]): Passage[] {
  const passages: Passage[] = [];
  for (const [at, page] of pages.entries()) {
    let start = 0;
    for (const text of splitText(page, PASSAGE)) {
      if (text.trim() !== '') passages.push({ index: passages.length, page: at + 1, start, text });
      start += text.length;
    }
  }
  return passages;
}
