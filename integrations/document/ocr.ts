import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { ONE_SOURCE, oneSource, sourceErrors, sourceFields } from '../parsing/source.ts';

/** Languages whose letters and words are known: each is a package of its data. */
export const LANGUAGES = ['eng', 'deu', 'fra'] as const;

/** Time of the processor for all pages. */
const TIMEOUT_MS = 80_000;

const answer = z.object({
  pages: z.array(z.object({ text: z.string(), confidence: z.number() })),
  pageCount: z.int(),
});

/** Reads the text in images. */
export const ocr = defineNode({
  type: 'document.ocr',
  version: '1.0.0',
  title: 'Read text in images',
  description: 'Reads the text in an image, or in the scanned pages of a PDF, on this machine and without any service.',
  effect: 'read',
  ...parsingPolicy,
  input: z
    .strictObject({
      ...sourceFields(),
      languages: z
        .array(z.enum(LANGUAGES))
        .min(1)
        .max(LANGUAGES.length)
        .default(['eng'])
        .describe('Languages of the text: `eng` (English), `deu` (German), `fra` (French). Each one more takes time.'),
      limit: z.int().min(1).max(50).default(20).describe('Most pages to read.'),
    })
    .refine(oneSource, ONE_SOURCE),
  output: z.object({
    text: z.string().describe('The text; pages are separated by an empty line.'),
    confidence: z.number().describe('How sure the reader is of the page it is least sure of, from 0 to 100.'),
    pages: z
      .array(
        z.object({
          text: z.string().describe('The text of the page; empty if nothing was read on it.'),
          confidence: z.number().describe('How sure the reader is, from 0 to 100; 0 if nothing was read.'),
        }),
      )
      .describe('What was read on each page.'),
    pageCount: z.int().describe('How many pages the document has; 1 for an image.'),
    more: z.boolean().describe('Whether there are more pages than `limit`.'),
  }),
  examples: [
    { title: 'A scanned letter', with: { path: 'incoming/letter.pdf' } },
    { title: 'A photo of a German receipt', with: { path: 'incoming/receipt.jpg', languages: ['deu', 'eng'] } },
  ],
  errors: { ...sourceErrors, ...documentErrors('document.broken', 'document.encrypted', 'document.kind') },
  notes: `
Reads PNG, JPEG and WebP of at most 40 million pixels; \`image.resize\` makes them of other images. A page takes a few seconds, and all pages together have 80
seconds of the processor, so read long documents in parts. Letters should be at least 20 pixels high; what is crooked, handwritten or in columns is read badly. Below a
\`confidence\` of about 70, let a person look.

Of a PDF, the images within its pages are read, turned as on the page: text that is text is left out. \`document.text\` reads that, faster and without mistakes; it
fails with \`document.scanned\` where there is none. Images of fax machines (CCITT), JBIG2 and JPEG 2000 cannot be decoded and fail with \`document.kind\`: save such
pages as PNG or JPEG.
`.trim(),
  async run(ctx, { path, base64, blob, languages, limit }) {
    const [{ parse }, { sourceBytes }, { readerFiles }] = await Promise.all([
      import('../parsing/parse.ts'),
      import('../parsing/source.ts'),
      import('./ocr-files.ts'),
    ]);
    const bytes = await sourceBytes(ctx, { path, base64, blob });
    const call = { parser: 'document', task: 'ocr', bytes, answer, timeoutMs: TIMEOUT_MS } as const;
    const parameters = { languages, mostPages: limit };
    const { value } = await parse(ctx, { ...call, parameters, files: readerFiles(languages) });
    const read = value.pages.filter(({ text }) => text !== '');
    return {
      ...value,
      text: read.map(({ text }) => text).join('\n\n'),
      confidence: read.length === 0 ? 0 : Math.min(...read.map(({ confidence }) => confidence)),
      more: value.pageCount > value.pages.length,
    };
  },
});
