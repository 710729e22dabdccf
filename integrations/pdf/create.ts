import { z } from 'zod';
import { exactlyOne } from '../content.ts';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { checkSaveAs, keepDocument, resultFields, resultOutput } from '../parsing/result.ts';
import { sourceErrors } from '../parsing/source.ts';

const MAX_TEXT = 5_000_000;

/** Makes a PDF. */
export const create = defineNode({
  type: 'pdf.create',
  version: '1.0.0',
  title: 'Make a PDF',
  description: 'Makes a PDF of Markdown or simple HTML: headings, lists, tables, links, page numbers.',
  effect: 'exactly-once',
  ...parsingPolicy,
  input: z
    .strictObject({
      markdown: z.string().max(MAX_TEXT).optional().describe('The content as Markdown.'),
      html: z
        .string()
        .max(MAX_TEXT)
        .optional()
        .describe('The content as HTML, of which the structure is kept, not the looks.'),
      title: z.string().max(500).optional().describe('Title of the document, as readers show it.'),
      author: z.string().max(500).optional().describe('Author of the document.'),
      pageSize: z.enum(['A3', 'A4', 'A5', 'LETTER', 'LEGAL']).default('A4').describe('Size of the pages.'),
      landscape: z.boolean().default(false).describe('Whether pages are wider than high.'),
      header: z.string().max(500).optional().describe('A line above each page; `{page}` and `{pages}` are numbers.'),
      footer: z.string().max(500).optional().describe('A line below each page, such as `{page} / {pages}`.'),
      fontSize: z.number().min(5).max(40).default(11).describe('Size of the text in points.'),
      ...resultFields(),
    })
    .refine(exactlyOne('markdown', 'html'), 'give exactly one of markdown and html'),
  output: z.object({ ...resultOutput(), pages: z.int().describe('How many pages the document has.') }),
  examples: [
    {
      title: 'An invoice',
      with: {
        markdown: '# Invoice 7\n\n| Item | Price |\n|---|--:|\n| Tea | 2.00 |',
        footer: '{page} / {pages}',
        saveAs: 'invoices/7.pdf',
      },
    },
  ],
  errors: { 'file.path': sourceErrors['file.path'], ...documentErrors('document.broken') },
  notes: `
The letters of Latin, Greek, Cyrillic, Hebrew, Arabic and many other scripts are in the document; those of Chinese, Japanese and Korean are not. Images are left out, and
nothing that the content names is loaded. To fill a page with data first, use \`document.fromTemplate\` with an HTML template.
`.trim(),
  async run(ctx, { saveAs, ...parameters }) {
    checkSaveAs(saveAs);
    const [{ parse }, { fontFiles }] = await Promise.all([import('../parsing/parse.ts'), import('./font-files.ts')]);
    const answer = z.object({ pages: z.int() });
    const { value, bytes } = await parse(ctx, {
      parser: 'pdf',
      task: 'create',
      parameters,
      answer,
      files: fontFiles(),
    });
    return { ...value, ...(await keepDocument(ctx, { bytes, saveAs, contentType: 'application/pdf' })) };
  },
});
