/** First code unit of scripts in which nearly every character is a token of its own. */
const DENSE = 0x0600;

/**
 * About how many tokens a text has, too many rather than too few. No tokenizer is asked, because each model has its own,
 * and because parts of a text must come out the same on every attempt.
 */
export function weigh(text: string): number {
  let weight = 0;
  for (let at = 0; at < text.length; at += 1) weight += weightOf(text.charCodeAt(at));
  return Math.ceil(weight);
}

/** The end of the longest piece from `start` that weighs at most `most`; always some characters further. */
export function reach(text: string, start: number, most: number): number {
  let weight = 0;
  for (let at = start; at < text.length; at += 1) {
    weight += weightOf(text.charCodeAt(at));
    if (weight > most) return Math.max(at, start + 1);
  }
  return text.length;
}

function weightOf(unit: number): number {
  if (unit < 0x80) return 0.3;
  return unit < DENSE ? 0.5 : 1;
}
