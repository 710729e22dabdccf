import type { Passage } from './passages.ts';

/** Passages that are indexed before others get their turn. */
const AT_ONCE = 100;

/**
 * Passages that hold words of a question, the most fitting first. Passages without any such word are left out.
 *
 * @returns positions of passages
 */
export async function findByWords(passages: readonly Passage[], question: string): Promise<number[]> {
  const { default: MiniSearch } = await import('minisearch');
  const search = new MiniSearch<Passage>({ idField: 'index', fields: ['text'], tokenize: wordsOf });
  await search.addAllAsync([...passages], { chunkSize: AT_ONCE });
  // Beginnings of long words find other forms of them: "invoices" for "invoice".
  const found = search.search(question, { prefix: (word) => word.length > 3, boost: {}, combineWith: 'OR' });
  return found.map(({ id }) => id as number);
}

/** Words of any language, also of those that write without spaces. */
function wordsOf(text: string): string[] {
  const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text);
  return Array.from(segments).flatMap(({ segment, isWordLike }) => (isWordLike ? [segment] : []));
}
