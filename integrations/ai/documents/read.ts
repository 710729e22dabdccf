import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { Source } from '../../parsing/source.ts';
import { weigh } from '../parts/weigh.ts';

/** Most pages of a document that are read, and most tokens of its text. */
const MOST_PAGES = 5_000;
const MOST_TOKENS = 2_000_000;

/** A document as text. */
export interface ReadDocument {
  readonly title: string | null;
  readonly pages: readonly string[];
}

/** The text of a document, by page. Bytes are read in the sandbox of parsers; a text is one page as it is. */
export async function readDocument(ctx: NodeContext, source: Source): Promise<ReadDocument> {
  if (source.text !== undefined) return readable({ title: null, pages: [source.text] }, 1);
  const { sourceText } = await import('../../document/source-text.ts');
  const read = await sourceText(ctx, source, { as: 'markdown', mostPages: MOST_PAGES });
  return readable(read, read.pageCount);
}

function readable({ title, pages }: ReadDocument, pageCount: number): ReadDocument {
  const weight = pages.reduce((sum, page) => sum + weigh(page), 0);
  if (pageCount > pages.length || weight > MOST_TOKENS) {
    throw new NodeError(
      'document.tooLarge',
      `The document has ${pageCount} pages and about ${weight} tokens; at most ${MOST_PAGES} pages and ${MOST_TOKENS} tokens are read. Divide it.`,
    );
  }
  return { title, pages };
}
