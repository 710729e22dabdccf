import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { checkSaveAs, keepDocument, resultFields, resultOutput } from '../parsing/result.ts';
import { encodingOf, ONE_SOURCE, oneSource, sourceBytes, sourceErrors, textSourceFields } from '../parsing/source.ts';
import { json } from '../schema.ts';

const CONTENT_TYPES = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  html: 'text/html; charset=utf-8',
} as const;

/** Fills a template. */
export const fromTemplate = defineNode({
  type: 'document.fromTemplate',
  version: '1.0.0',
  title: 'Fill a template',
  description: 'Fills a template of Word (.docx) or HTML with data: values, lists and conditions.',
  effect: 'exactly-once',
  ...parsingPolicy,
  input: z
    .strictObject({
      ...textSourceFields(),
      data: z.record(z.string(), json()).describe('What the template is filled with.'),
      ...resultFields(),
    })
    .refine(oneSource, ONE_SOURCE),
  output: z.object({
    ...resultOutput(),
    kind: z.enum(['docx', 'html']).describe('Kind of the template, by its bytes.'),
    text: z.string().optional().describe('The page, if the template is HTML and `saveAs` is not given.'),
  }),
  examples: [
    {
      title: 'A letter',
      with: {
        path: 'templates/letter.docx',
        data: { customer: { name: 'Ann' }, items: [{ name: 'Tea', price: '2.00' }] },
        saveAs: 'letters/ann.docx',
      },
    },
    { title: 'A page', with: { path: 'templates/order.html', data: { title: 'Order', items: [] } } },
  ],
  errors: {
    ...sourceErrors,
    ...documentErrors(
      'document.broken',
      'document.encoding',
      'document.encrypted',
      'document.kind',
      'document.template',
    ),
  },
  notes: `
Both kinds of template have the tags of Mustache: \`{{name}}\` or \`{{customer.name}}\` is a value, \`{{#items}} … {{/items}}\` repeats its content for each entry of a list or
shows it if a value is there, \`{{^items}} … {{/items}}\` if none is. \`{{.}}\` is the entry itself. A value that is missing is empty. In HTML values are escaped
(\`{{{raw}}}\` is not); in Word, a tag alone in a row of a table repeats the row. Templates run no code.
`.trim(),
  async run(ctx, { path, text, base64, blob, data, saveAs }) {
    checkSaveAs(saveAs);
    const { parse } = await import('../parsing/parse.ts');
    const source = await sourceBytes(ctx, { path, text, base64, blob });
    const answer = z.object({ kind: z.enum(['docx', 'html']) });
    const parameters = { data, encoding: encodingOf({ text }) };
    const call = { parser: 'document', task: 'fromTemplate', parameters, bytes: source, answer } as const;
    const { value, bytes } = await parse(ctx, call);
    if (value.kind === 'html' && saveAs === undefined)
      return { ...value, text: Buffer.from(bytes).toString('utf8'), size: bytes.byteLength };
    return { ...value, ...(await keepDocument(ctx, { bytes, saveAs, contentType: CONTENT_TYPES[value.kind] })) };
  },
});
