import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { ONE_SOURCE, oneSource, sourceErrors, textSourceFields } from '../parsing/source.ts';
import { encoding } from '../schema.ts';
import { KINDS } from './text-kinds.ts';

/** Reads the text of a document. */
export const text = defineNode({
  type: 'document.text',
  version: '1.0.0',
  title: 'Text of a document',
  description:
    'Reads the text of a PDF, Word, PowerPoint, Excel, CSV, HTML, mail, RTF or text document, whatever its file is called.',
  effect: 'read',
  ...parsingPolicy,
  input: z
    .strictObject({
      ...textSourceFields(),
      as: z
        .enum(['text', 'markdown'])
        .default('text')
        .describe('`markdown` keeps headings, lists and tables of Word and HTML documents.'),
      pages: z.boolean().default(false).describe('Whether to return the text of each page (slide, sheet), too.'),
      limit: z.int().min(1).max(10_000).default(1000).describe('Most pages to read.'),
      encoding: encoding()
        .optional()
        .describe('Encoding of texts, CSV, HTML and mail. Default: what the document says, else UTF-8.'),
    })
    .refine(oneSource, ONE_SOURCE),
  output: z.object({
    kind: z.enum(KINDS).describe('Kind of the document, by its bytes.'),
    title: z.string().nullable().describe('Title that the document has, or the subject of a mail, or null.'),
    text: z.string().describe('The text; pages are separated by an empty line.'),
    pages: z.array(z.string()).optional().describe('The text of each page, if `pages` is set.'),
    pageCount: z.int().describe('How many pages the document has; 1 for kinds without pages.'),
    more: z.boolean().describe('Whether there are more pages than `limit`.'),
    emptyPages: z.array(z.int()).describe('Numbers of pages without text, counted from 1: perhaps scanned images.'),
  }),
  examples: [
    { title: 'A contract', with: { path: 'incoming/contract.pdf' } },
    { title: 'A report for a language model', with: { path: 'reports/annual.docx', as: 'markdown' } },
  ],
  errors: {
    ...sourceErrors,
    ...documentErrors(
      'document.broken',
      'document.encoding',
      'document.encrypted',
      'document.kind',
      'document.scanned',
    ),
  },
  notes: `
The bytes decide what kind a document is. A kind without text, or of a program before 2007, fails with \`document.kind\` and says what to do. A PDF whose pages are
images fails with \`document.scanned\`: \`document.ocr\` reads it. Values that are filled into the form of a PDF follow the text of their page as \`name: value\`. The
header and the footer of a Word document are read once. A mail that is attached to a mail is read with it; other attachments
are only named. What a slide says comes before the notes of its speaker. The text of a sheet has a line for each row, with tabs; \`excel.read\` gives its values.
`.trim(),
  async run(ctx, { path, text: given, base64, blob, pages: byPage, limit, ...rest }) {
    const { sourceText } = await import('./source-text.ts');
    const reading = { ...rest, mostPages: limit };
    const { kind, title, pages, pageCount } = await sourceText(ctx, { path, text: given, base64, blob }, reading);
    return {
      kind,
      title,
      text: pages.filter((page) => page !== '').join('\n\n'),
      ...(byPage && { pages }),
      pageCount,
      more: pageCount > pages.length,
      emptyPages: pages.flatMap((page, at) => (page === '' ? [at + 1] : [])),
    };
  },
});
