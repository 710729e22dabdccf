import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { encodingOf, ONE_SOURCE, oneSource, sourceBytes, sourceErrors, textSourceFields } from '../parsing/source.ts';
import { encoding, json } from '../schema.ts';

const output = z.object({
  root: z.string().describe('Name of the root element.'),
  value: json().describe('The root element: an object, or a text if it holds nothing else.'),
  encoding: z.string().describe('The encoding of the text.'),
});

/** Reads XML as JSON. */
export const read = defineNode({
  type: 'xml.read',
  version: '1.0.0',
  title: 'Read XML',
  description: 'Reads an XML document as JSON: elements are fields, repeated ones lists, attributes begin with an @.',
  effect: 'read',
  ...parsingPolicy,
  input: z
    .strictObject({
      ...textSourceFields(),
      lists: z
        .array(z.string().max(500))
        .max(1000)
        .default([])
        .describe('Names of elements that are lists even if there is only one, so that a graph can rely on it.'),
      namespaces: z
        .enum(['keep', 'remove'])
        .default('remove')
        .describe('Whether names keep the prefix of their namespace.'),
      trim: z.boolean().default(true).describe('Whether white space around texts is removed.'),
      encoding: encoding().optional().describe('Encoding. Default: what the document declares, else UTF-8.'),
    })
    .refine(oneSource, ONE_SOURCE),
  output,
  examples: [
    { title: 'An order of a partner', with: { path: 'incoming/order.xml', lists: ['item'] } },
    { title: 'A short text', with: { text: '<order id="7"><item>Tea</item></order>' } },
  ],
  errors: { ...sourceErrors, ...documentErrors('document.broken', 'document.encoding', 'document.kind') },
  notes: `
\`<order id="7"><item>Tea</item><item>Milk</item></order>\` is \`{ "@id": "7", "item": ["Tea", "Milk"] }\`. Texts stay texts, so ids keep their zeros. An element with
attributes and a text has the text in \`#text\`. The order of different elements, comments and instructions are not kept. A document that declares entities of its
own is refused, and nothing outside of it is ever loaded.
`.trim(),
  async run(ctx, { path, text, base64, blob, ...parameters }) {
    const { parse } = await import('../parsing/parse.ts');
    const bytes = await sourceBytes(ctx, { path, text, base64, blob });
    const encoding = encodingOf({ text }, parameters.encoding);
    return (
      await parse(ctx, { parser: 'xml', task: 'read', parameters: { ...parameters, encoding }, bytes, answer: output })
    ).value;
  },
});
