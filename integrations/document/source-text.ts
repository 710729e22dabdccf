import { z } from 'zod';
import type { NodeContext } from '../context.ts';
import { parse } from '../parsing/parse.ts';
import { encodingOf, type Source, sourceBytes } from '../parsing/source.ts';
import { characterMaps } from './character-maps.ts';
import { KINDS } from './text-kinds.ts';

const answer = z.object({
  kind: z.enum(KINDS),
  title: z.string().nullable(),
  pages: z.array(z.string()),
  pageCount: z.int(),
});

/** How a document is read. */
interface Reading {
  readonly as: 'text' | 'markdown';
  readonly mostPages: number;
  readonly encoding?: string | undefined;
}

/** The text of a document, by page, read in the sandbox of parsers. @throws NodeError `document.*`, `file.*` */
export async function sourceText(
  ctx: NodeContext,
  source: Source,
  { encoding, ...reading }: Reading,
): Promise<z.output<typeof answer>> {
  const bytes = await sourceBytes(ctx, source);
  const parameters = { ...reading, encoding: encodingOf(source, encoding) };
  const call = { parser: 'document', task: 'text', parameters, bytes, files: characterMaps(bytes), answer } as const;
  return (await parse(ctx, call)).value;
}
