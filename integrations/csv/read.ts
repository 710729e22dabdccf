import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { encodingOf, ONE_SOURCE, oneSource, sourceBytes, sourceErrors, textSourceFields } from '../parsing/source.ts';
import { tableFields, tableOutput } from '../parsing/tabular.ts';
import { encoding } from '../schema.ts';

const output = z.object({
  ...tableOutput(),
  separator: z.string().describe('The separator of the fields.'),
  encoding: z.string().describe('The encoding of the text.'),
});

/** Reads the rows of a CSV document. */
export const read = defineNode({
  type: 'csv.read',
  version: '1.0.0',
  title: 'Read CSV',
  description: 'Reads the rows of a CSV document as objects by the names of its columns, or as lists.',
  effect: 'read',
  ...parsingPolicy,
  input: z
    .strictObject({
      ...textSourceFields(),
      ...tableFields(),
      separator: z
        .string()
        .min(1)
        .max(4)
        .optional()
        .describe('What separates fields. Default: the one of comma, semicolon, tab and `|` that the lines agree on.'),
      encoding: encoding()
        .optional()
        .describe('Encoding, such as `windows-1252`. Default: that of a byte order mark, else UTF-8.'),
    })
    .refine(oneSource, ONE_SOURCE),
  output,
  examples: [
    { title: 'Orders that arrived as a file', with: { path: 'incoming/orders.csv' } },
    { title: 'A list from an old system', with: { path: 'old.csv', separator: ';', encoding: 'windows-1252' } },
    { title: 'A text without a header', with: { text: '1,Ann\n2,Ben\n', header: false } },
  ],
  errors: { ...sourceErrors, ...documentErrors('document.broken', 'document.encoding', 'document.kind') },
  notes: `
Values are text, as they stand in the document, so that \`007\` and long ids stay what they are; \`Number(...)\` in an expression computes with them.
Quotes, line breaks within them, LF, CRLF, byte order marks and a first line \`sep=;\` are read; an empty line is not a row. Nothing is dropped: a second column \`price\` becomes
\`price_2\`, the third column, if it has no name, becomes \`column_3\`, a field that a row lacks is null, and a row with more fields than the header is an
error that gives its number. Many rows travel by reference, as every large output does.
`.trim(),
  async run(ctx, { path, text, base64, blob, ...parameters }) {
    const { parse } = await import('../parsing/parse.ts');
    const bytes = await sourceBytes(ctx, { path, text, base64, blob });
    const how = { ...parameters, encoding: encodingOf({ text }, parameters.encoding) };
    return (await parse(ctx, { parser: 'csv', task: 'read', parameters: how, bytes, answer: output })).value;
  },
});
