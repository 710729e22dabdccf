import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { encodingOf, ONE_SOURCE, oneSource, sourceBytes, sourceErrors, textSourceFields } from '../parsing/source.ts';
import { MAX_ROWS, tableOutput } from '../parsing/tabular.ts';
import { encoding } from '../schema.ts';

const output = z.object({
  tables: z
    .array(
      z.object({
        name: z.string().nullable().describe('Name of the sheet, or caption of the table, or null.'),
        page: z.int().nullable().describe('Page of a PDF, counted from 1, or null.'),
        ...tableOutput(),
      }),
    )
    .describe('The tables, in the order of the document.'),
});

/** Reads the tables of a document. */
export const tables = defineNode({
  type: 'document.tables',
  version: '1.0.0',
  title: 'Tables of a document',
  description: 'Finds the tables of a PDF, Word, Excel, CSV or HTML document and reads their rows.',
  effect: 'read',
  ...parsingPolicy,
  input: z
    .strictObject({
      ...textSourceFields(),
      header: z
        .boolean()
        .default(true)
        .describe('Whether the first row of a table names its columns. Rows are then objects, otherwise lists.'),
      limit: z.int().min(1).max(MAX_ROWS).default(10_000).describe('Most rows of each table.'),
      encoding: encoding()
        .optional()
        .describe('Encoding of CSV and HTML. Default: what the document says, else UTF-8.'),
    })
    .refine(oneSource, ONE_SOURCE),
  output,
  examples: [{ title: 'The positions of an invoice', with: { path: 'incoming/invoice.pdf' } }],
  errors: {
    ...sourceErrors,
    ...documentErrors('document.broken', 'document.encoding', 'document.encrypted', 'document.kind'),
  },
  notes: `
A PDF does not know its tables, only where each text stands: lines that follow one another and have gaps at the same places are taken for a table. A cell that
spans several others gives its text to all of them, except in Excel. \`csv.read\` and \`excel.read\` give more control over their kinds.
`.trim(),
  async run(ctx, { path, text, base64, blob, ...parameters }) {
    const [{ parse }, { characterMaps }] = await Promise.all([
      import('../parsing/parse.ts'),
      import('./character-maps.ts'),
    ]);
    const bytes = await sourceBytes(ctx, { path, text, base64, blob });
    const how = { ...parameters, encoding: encodingOf({ text }, parameters.encoding) };
    const call = { parser: 'document', task: 'tables', bytes, files: characterMaps(bytes), answer: output } as const;
    return (await parse(ctx, { ...call, parameters: how })).value;
  },
});
