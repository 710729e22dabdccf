/** Most words that a workflow is found by. */
const MOST_WORDS = 2_000;
/** Longest word. */
const LONGEST_WORD = 40;
/** Most words of one search. */
const MOST_SOUGHT = 8;

/**
 * The words of texts, in lower case, each once. A name such as `sendMessage` is also found by its parts. The first text
 * counts most: words are taken in the order in which they come, until there are enough.
 *
 * @example wordsOf(['Send an e-mail', 'email.sendMessage']) // ['send', 'an', 'e', 'mail', 'email', 'sendmessage', 'message']
 */
export function wordsOf(texts: readonly (string | null)[]): string[] {
  const words = new Set<string>();
  for (const text of texts) {
    for (const [found] of text?.matchAll(/[\p{L}\p{N}]+/gu) ?? []) {
      if (words.size >= MOST_WORDS) return [...words].slice(0, MOST_WORDS);
      words.add(plain(found));
      for (const part of partsOf(found)) words.add(plain(part));
    }
  }
  return [...words].slice(0, MOST_WORDS);
}

/** What is looked for: the beginnings of words, all of which must be found. */
export const soughtWords = (text: string): string[] =>
  [...new Set([...text.matchAll(/[\p{L}\p{N}]+/gu)].map(([found]) => plain(found)))].slice(0, MOST_SOUGHT);

/** Cut between characters: UTF-8 cannot hold half of one. */
const plain = (word: string): string => {
  const cut = word.normalize('NFKC').toLowerCase().slice(0, LONGEST_WORD);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
};

/** The parts of a name in camel case; none if it has only one. */
function partsOf(word: string): readonly string[] {
  if (word.length > LONGEST_WORD) return [];
  const parts = word.split(/(?<=\p{Ll}|\p{N})(?=\p{Lu})/u);
  return parts.length > 1 ? parts : [];
}
