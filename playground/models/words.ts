/** What the playground's model understands of a text: sentences, words, and things that have a form. */

const STOP = new Set(
  'a an and are as at be by for from has have i in is it its me my not of on or our please so that the their this to us was we were what when where which who will with you your'.split(
    ' ',
  ),
);

/** Longest text that is looked at. */
const MOST = 400_000;

/** The sentences of a text. */
export const sentencesOf = (text: string): string[] =>
  (text.slice(0, MOST).match(/[^\n]+?(?:[.!?]+(?=\s|$)|(?=\n)|$)/g) ?? [])
    .map((sentence) => sentence.trim())
    .filter((each) => each !== '');

/** The words of a text that say something, in lower case and without the endings of English. */
export const wordsOf = (text: string): string[] =>
  (
    text
      .slice(0, MOST)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
    .filter((word) => !STOP.has(word))
    .map(stem);

const stem = (word: string): string => (word.length > 4 ? word.replace(/(ing|edly|ed|ies|es|s|ly)$/, '') : word);

/** How many different words two texts share. */
export function overlap(a: string, b: string): number {
  const words = new Set(wordsOf(a));
  return new Set(wordsOf(b).filter((word) => words.has(word))).size;
}

/** The sentences that share most with a question, in the order of the text. */
export function sentencesAbout(text: string, question: string, most: number): string[] {
  const scored = sentencesOf(text).map((sentence, at) => ({ sentence, at, score: overlap(sentence, question) }));
  const best = scored.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score || a.at - b.at);
  return best
    .slice(0, most)
    .toSorted((a, b) => a.at - b.at)
    .map(({ sentence }) => sentence);
}

/** The sentences that hold the words which come up most, in the order of the text, up to a number of words. */
export function summaryOf(text: string, mostWords: number): string[] {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const scored = sentencesOf(text).map((sentence, at) => {
    const words = wordsOf(sentence);
    const weight = words.reduce((sum, word) => sum + (counts.get(word) ?? 0), 0) / (words.length + 4);
    return { sentence, at, weight };
  });
  const chosen: typeof scored = [];
  let left = mostWords;
  for (const each of scored.toSorted((a, b) => b.weight - a.weight || a.at - b.at)) {
    left -= each.sentence.split(/\s+/).length;
    if (left < 0 && chosen.length > 0) break;
    chosen.push(each);
  }
  return chosen.toSorted((a, b) => a.at - b.at).map(({ sentence }) => sentence);
}

/** Something with a form. */
export interface Thing {
  readonly kind: 'email' | 'url' | 'date' | 'money' | 'phone' | 'person';
  readonly text: string;
}

/** Each pattern takes linear time. */
const FORMS: readonly [Thing['kind'], RegExp][] = [
  ['email', /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g],
  ['url', /https?:\/\/[^\s<>"']{1,500}/g],
  [
    'date',
    /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.\d{1,2}\.\d{4}\b|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}\b/g,
  ],
  ['money', /(?:[€$£] ?\d[\d,.]{0,15}\d|\b\d[\d,.]{0,15} ?(?:EUR|USD|GBP|euros?|dollars?|€|\$)(?!\w))/g],
  ['phone', /\+\d[\d ()/-]{6,18}\d/g],
  ['person', /\b[A-Z][a-z]{1,20} [A-Z][a-z]{1,20}\b/g],
];

/** Everything with a form that a text holds, in its order, each once. */
export function thingsIn(text: string): Thing[] {
  const found = FORMS.flatMap(([kind, form]) =>
    [...text.slice(0, MOST).matchAll(form)].map((match) => ({ kind, text: match[0], at: match.index })),
  );
  const seen = new Set<string>();
  return found
    .toSorted((a, b) => a.at - b.at)
    .filter(({ text: each }) => !seen.has(each) && seen.add(each))
    .map(({ kind, text: each }) => ({ kind, text: each }));
}

const GOOD =
  /\b(good|great|thanks?|thank you|happy|love|excellent|perfect|pleased|wonderful|friendly|fast|helpful|best)\b/gi;
const BAD =
  /\b(bad|broken|late|angry|hate|terrible|worst|wrong|refund|complain\w*|disappoint\w*|never|unacceptable|slow|rude|fail\w*)\b/gi;

/** From -1, angry, to 1, happy. */
export function moodOf(text: string): number {
  const [good, bad] = [(text.match(GOOD) ?? []).length, (text.match(BAD) ?? []).length];
  return good + bad === 0 ? 0 : (good - bad) / (good + bad);
}
