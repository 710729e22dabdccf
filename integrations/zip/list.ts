import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { ONE_SOURCE, oneSource, sourceBytes, sourceErrors, sourceFields } from '../parsing/source.ts';

const output = z.object({
  files: z
    .array(
      z.object({
        name: z.string().describe('Name within the archive, with its folders.'),
        size: z.int().describe('Bytes when unpacked, as the archive says.'),
        packed: z.int().describe('Bytes within the archive.'),
        modifiedAt: z.string().nullable().describe('ISO time of the last change, or null.'),
        encrypted: z.boolean().describe('Whether it needs a password.'),
      }),
    )
    .describe('The files of the archive, in its order. Folders are left out.'),
});

/** Lists what an archive holds. */
export const list = defineNode({
  type: 'zip.list',
  version: '1.0.0',
  title: 'List a ZIP archive',
  description: 'Lists the files that a ZIP archive holds, without unpacking any of them.',
  effect: 'read',
  ...parsingPolicy,
  input: z.strictObject(sourceFields()).refine(oneSource, ONE_SOURCE),
  output,
  examples: [{ title: 'What a supplier sent', with: { path: 'incoming/catalogue.zip' } }],
  errors: { ...sourceErrors, ...documentErrors('document.broken', 'document.path') },
  async run(ctx, source) {
    const { parse } = await import('../parsing/parse.ts');
    const bytes = await sourceBytes(ctx, source);
    return (await parse(ctx, { parser: 'zip', task: 'list', parameters: {}, bytes, answer: output })).value;
  },
});
