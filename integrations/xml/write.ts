import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { checkSaveAs, keepDocument, resultFields, resultOutput } from '../parsing/result.ts';
import { sourceErrors } from '../parsing/source.ts';
import { json } from '../schema.ts';

/** Writes JSON as XML. */
export const write = defineNode({
  type: 'xml.write',
  version: '1.0.0',
  title: 'Write XML',
  description: 'Writes JSON as an XML document: as text, or into a file of the store.',
  effect: 'exactly-once',
  ...parsingPolicy,
  input: z.strictObject({
    root: z.string().min(1).max(500).describe('Name of the root element.'),
    value: json().describe('What the root element holds. `@name` is an attribute, `#text` a text beside attributes.'),
    indent: z.boolean().default(true).describe('Whether elements stand on lines of their own.'),
    declaration: z.boolean().default(true).describe('Whether the document begins with `<?xml …?>`.'),
    ...resultFields(),
  }),
  output: z.object({
    ...resultOutput(),
    text: z.string().optional().describe('The document, if `saveAs` is not given.'),
  }),
  examples: [{ title: 'An order for a partner', with: { root: 'order', value: { '@id': 7, item: ['Tea', 'Milk'] } } }],
  errors: { 'file.path': sourceErrors['file.path'], ...documentErrors('document.value') },
  notes: 'The opposite of `xml.read`. Texts are escaped; a character that XML cannot hold is an error.',
  async run(ctx, { saveAs, ...parameters }) {
    checkSaveAs(saveAs);
    const { parse } = await import('../parsing/parse.ts');
    const { bytes } = await parse(ctx, { parser: 'xml', task: 'write', parameters, answer: z.null() });
    if (saveAs === undefined) return { text: Buffer.from(bytes).toString('utf8'), size: bytes.byteLength };
    return keepDocument(ctx, { bytes, saveAs, contentType: 'application/xml' });
  },
});
