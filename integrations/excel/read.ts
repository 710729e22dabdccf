import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { ONE_SOURCE, oneSource, sourceBytes, sourceErrors, sourceFields } from '../parsing/source.ts';
import { MAX_ROWS, tableFields, tableOutput } from '../parsing/tabular.ts';

const output = z.object({
  ...tableOutput(),
  sheet: z.string().describe('Name of the sheet that was read.'),
  sheets: z.array(z.string()).describe('Names of all sheets, in their order.'),
  uncomputed: z.int().describe('Cells with a formula that nobody has computed yet; their value is null.'),
});

/** Reads the rows of a sheet. */
export const read = defineNode({
  type: 'excel.read',
  version: '1.0.0',
  title: 'Read Excel',
  description:
    'Reads the rows of a sheet of an Excel workbook (.xlsx) as objects by the names of its columns, or as lists.',
  effect: 'read',
  ...parsingPolicy,
  input: z
    .strictObject({
      ...sourceFields(),
      ...tableFields(),
      sheet: z
        .union([z.string().max(200), z.int().min(1).max(10_000)])
        .optional()
        .describe('Name of the sheet, or its number, counted from 1. Default: the first that is not hidden.'),
      headerRow: z
        .int()
        .min(1)
        .max(MAX_ROWS)
        .default(1)
        .describe('The first row to look at, counted from 1, if there are others above the table.'),
      formulas: z
        .enum(['values', 'formulas'])
        .default('values')
        .describe('What cells with a formula give: the value that was last computed, or the formula.'),
      merged: z
        .enum(['first', 'all'])
        .default('first')
        .describe('Where the value of merged cells stands: in the first of them, or in all.'),
    })
    .refine(oneSource, ONE_SOURCE),
  output,
  examples: [
    { title: 'Orders that arrived as a workbook', with: { path: 'incoming/orders.xlsx' } },
    { title: 'A table below a title', with: { path: 'incoming/prices.xlsx', sheet: 'Prices', headerRow: 4 } },
  ],
  errors: {
    ...sourceErrors,
    ...documentErrors('document.broken', 'document.encrypted', 'document.kind', 'document.notFound'),
  },
  notes: `
**Values.** Numbers, texts and booleans are what they are. A number that its cell shows as a date is an ISO date without a zone, because a workbook has none:
\`2026-05-31\`, \`2026-05-31T13:30:00\`, a time \`13:30:00\`, a duration \`26:30:00\`. Workbooks that count from 1904 are read as such. An empty cell is null, an
error its text (\`#DIV/0!\`). A formula that is shared by several cells stands in the first of them only; the others give their value. Empty rows are left out. Column names are made unique as in \`csv.read\`.

**Kinds.** The bytes decide, not the name of the file. Workbooks of Excel 97 to 2003 (.xls), binary ones (.xlsb) and ones with a password fail with a clear error.
`.trim(),
  async run(ctx, { path, base64, blob, ...parameters }) {
    const { parse } = await import('../parsing/parse.ts');
    const bytes = await sourceBytes(ctx, { path, base64, blob });
    return (await parse(ctx, { parser: 'excel', task: 'read', parameters, bytes, answer: output })).value;
  },
});
