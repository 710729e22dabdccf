import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { checkSaveAs, keepDocument, resultFields, resultOutput } from '../parsing/result.ts';
import { sourceErrors } from '../parsing/source.ts';
import { MAX_ROWS } from '../parsing/tabular.ts';
import { json } from '../schema.ts';

/** Writes rows as a CSV document. */
export const write = defineNode({
  type: 'csv.write',
  version: '1.0.0',
  title: 'Write CSV',
  description: 'Writes objects or lists as a CSV document: as text, as a reference, or into a file of the store.',
  effect: 'exactly-once',
  ...parsingPolicy,
  input: z.strictObject({
    rows: z.array(json()).max(MAX_ROWS).describe('The rows: objects by column, or lists.'),
    columns: z
      .array(z.string().max(500))
      .max(16_384)
      .optional()
      .describe('Which columns to write, and in which order. Default: all, in the order in which they first appear.'),
    header: z.boolean().default(true).describe('Whether the first line names the columns.'),
    separator: z.string().min(1).max(4).default(',').describe('What separates fields.'),
    lineBreak: z.enum(['lf', 'crlf']).default('lf').describe('`crlf` for old programs on Windows.'),
    byteOrderMark: z.boolean().default(false).describe('Begins with the mark by which Excel recognises UTF-8.'),
    formulas: z
      .enum(['escape', 'keep'])
      .default('escape')
      .describe("`escape` puts `'` before a text that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`)."),
    as: z.enum(['text', 'blob']).default('text').describe('What is returned without `saveAs`.'),
    ...resultFields(),
  }),
  output: z.object({
    ...resultOutput(),
    text: z.string().optional().describe('The document, if it is returned as text.'),
    rows: z.int().describe('How many rows were written.'),
    columns: z.array(z.string()).describe('The columns that were written.'),
  }),
  examples: [
    {
      title: 'A report as a file',
      with: { rows: [{ country: 'FR', revenue: 99.5 }], saveAs: 'reports/revenue.csv' },
    },
    {
      title: 'For Excel in countries with a decimal comma',
      with: { rows: [{ name: 'Ann' }], separator: ';', byteOrderMark: true, lineBreak: 'crlf' },
    },
  ],
  errors: { 'file.path': sourceErrors['file.path'], ...documentErrors() },
  notes:
    'A value that is null is an empty field; lists and objects are written as JSON. A number is never taken for a formula. ' +
    'A step writes its file exactly once.',
  async run(ctx, { saveAs, as, ...parameters }) {
    checkSaveAs(saveAs);
    const { parse } = await import('../parsing/parse.ts');
    const answer = z.object({ rows: z.int(), columns: z.array(z.string()) });
    const { value, bytes } = await parse(ctx, { parser: 'csv', task: 'write', parameters, answer });
    if (saveAs === undefined && as === 'text')
      return { ...value, text: Buffer.from(bytes).toString('utf8'), size: bytes.byteLength };
    return { ...value, ...(await keepDocument(ctx, { bytes, saveAs, contentType: 'text/csv; charset=utf-8' })) };
  },
});
