import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { checkSaveAs, keepDocument, resultFields, resultOutput } from '../parsing/result.ts';
import { sourceErrors } from '../parsing/source.ts';
import { json } from '../schema.ts';

const CONTENT_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const color = () => z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #ffeecc');

const column = z.strictObject({
  key: z.string().max(500).describe('Field of the rows.'),
  title: z.string().max(500).optional().describe('What the header says. Default: the key.'),
  type: z
    .enum(['auto', 'text', 'number', 'date', 'dateTime', 'formula'])
    .default('auto')
    .describe('What the values are. `auto`: numbers are numbers, ISO dates are dates, other texts are texts.'),
  format: z.string().min(1).max(200).optional().describe('Format of Excel, such as `#,##0.00` or `dd.mm.yyyy`.'),
  width: z.number().min(1).max(255).optional().describe('Width in characters. Default: 16.'),
  bold: z.boolean().optional().describe('Bold text.'),
  italic: z.boolean().optional().describe('Italic text.'),
  color: color().optional().describe('Colour of the text, such as `#aa0000`.'),
  fill: color().optional().describe('Colour of the cells, such as `#ffeecc`.'),
  align: z.enum(['left', 'center', 'right']).optional().describe('Where the text stands.'),
  wrap: z.boolean().optional().describe('Whether long text goes on in further lines.'),
});

const sheet = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(31)
    .regex(/^(?!')[^[\]:*?/\\]*(?<!')$/, 'must not hold [ ] : * ? / \\, nor begin or end with a quote')
    .default('Sheet1')
    .describe('Name of the sheet.'),
  rows: z.array(json()).max(1_048_575).describe('The rows: objects by column, or lists.'),
  columns: z
    .array(column)
    .max(16_384)
    .optional()
    .describe('Which columns to write, in which order, and how. Default: all, as they first appear.'),
  header: z.boolean().default(true).describe('Whether the first row names the columns. It stays in view.'),
});

/** Writes rows as a workbook. */
export const write = defineNode({
  type: 'excel.write',
  version: '1.0.0',
  title: 'Write Excel',
  description:
    'Writes rows as an Excel workbook (.xlsx) with real dates, formats and styles: as a reference, or into a file of the store.',
  effect: 'exactly-once',
  ...parsingPolicy,
  input: z
    .strictObject({
      sheets: z.array(sheet).min(1).max(100).describe('The sheets of the workbook.'),
      ...resultFields(),
    })
    .refine(
      ({ sheets }) => new Set(sheets.map(({ name }) => name.toLowerCase())).size === sheets.length,
      'two sheets have the same name',
    ),
  output: z.object({ ...resultOutput(), rows: z.int().describe('How many rows were written, in all sheets.') }),
  examples: [
    {
      title: 'A report with dates and amounts',
      with: {
        sheets: [
          {
            name: 'May',
            rows: [{ day: '2026-05-31', revenue: 1234.5 }],
            columns: [
              { key: 'day', title: 'Day', format: 'dd.mm.yyyy' },
              { key: 'revenue', title: 'Revenue', format: '#,##0.00', bold: true },
            ],
          },
        ],
        saveAs: 'reports/may.xlsx',
      },
    },
  ],
  errors: { 'file.path': sourceErrors['file.path'], ...documentErrors('document.value') },
  notes: `
An ISO date (\`2026-05-31\`, \`2026-05-31T13:30:00Z\`) becomes a real date, with the digits that it is written with: a workbook knows no zones. With
\`type: text\` it stays text, as do ids such as \`007\` anyway. A text never becomes a formula, unless its column says \`type: formula\`. The same rows make the same
bytes, and a step writes its file exactly once.
`.trim(),
  async run(ctx, { sheets, saveAs }) {
    checkSaveAs(saveAs);
    const { parse } = await import('../parsing/parse.ts');
    const answer = z.object({ rows: z.int() });
    const { value, bytes } = await parse(ctx, { parser: 'excel', task: 'write', parameters: { sheets }, answer });
    return { ...(await keepDocument(ctx, { bytes, saveAs, contentType: CONTENT_TYPE })), rows: value.rows };
  },
});
