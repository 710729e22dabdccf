import { reach } from './weigh.ts';

/** Where a text may be divided, the most natural first: paragraphs, lines, sentences, words. A match ends at the border. */
const BORDERS: readonly RegExp[] = [/\n[^\S\n]*\n\s*/g, /\n/g, /[.!?…]['"”’»)\]]*\s+|[。！？।؟]['"”’」』）]*/g, /\s/g];

/** A border is looked for in the last part of a piece only, so that no piece becomes much smaller than it may be. */
const SEARCHED = 0.4;

/**
 * Divides a text at natural borders into pieces that weigh at most `most` each (`weigh`). The pieces together are the
 * text, to the letter. The same text is always divided in the same way.
 */
export function splitText(text: string, most: number): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    const furthest = reach(text, start, most);
    const end = furthest === text.length ? furthest : borderBefore(text, start, furthest);
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

function borderBefore(text: string, start: number, furthest: number): number {
  const from = furthest - Math.floor((furthest - start) * SEARCHED);
  const searched = text.slice(from, furthest);
  for (const border of BORDERS) {
    let end = 0;
    for (const match of searched.matchAll(border)) end = match.index + match[0].length;
    if (end > 0) return from + end;
  }
  return wholeCharacter(text, start, furthest);
}

/** No character that consists of several code units is taken apart: emoji, letters with marks. */
function wholeCharacter(text: string, start: number, end: number): number {
  for (let at = end; at > Math.max(start, end - 32); at -= 1) {
    const continues = /^(?:[\uDC00-\uDFFF]|\p{M}|\u200d)/u.test(text.slice(at, at + 2)) || text[at - 1] === '\u200d';
    if (!continues) return at;
  }
  return end;
}
