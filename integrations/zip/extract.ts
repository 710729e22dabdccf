import { z } from 'zod';
import { blobReference } from '../blob.ts';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { ONE_SOURCE, oneSource, sourceBytes, sourceErrors, sourceFields } from '../parsing/source.ts';

const answer = z.object({ files: z.array(z.object({ name: z.string(), size: z.int().min(0) })) });

/** Unpacks files of an archive. */
export const extract = defineNode({
  type: 'zip.extract',
  version: '1.0.0',
  title: 'Unpack a ZIP archive',
  description: 'Unpacks files of a ZIP archive and returns a reference to each, which other nodes take.',
  effect: 'read',
  ...parsingPolicy,
  input: z
    .strictObject({
      ...sourceFields(),
      names: z.array(z.string().max(4096)).min(1).max(1000).optional().describe('Which files to unpack. Default: all.'),
      under: z.string().max(4096).optional().describe('Only files whose names start so, such as `images/`.'),
      limit: z.int().min(1).max(1000).default(1000).describe('Most files to unpack; more are an error.'),
    })
    .refine(oneSource, ONE_SOURCE),
  output: z.object({
    files: z
      .array(
        z.object({
          name: z.string().describe('Name within the archive, with its folders.'),
          size: z.int().describe('Bytes.'),
          blob: blobReference().describe('Reference to the content.'),
        }),
      )
      .describe('The files that were unpacked.'),
    count: z.int().describe('How many files were unpacked.'),
  }),
  examples: [
    { title: 'All files of an archive', with: { path: 'incoming/catalogue.zip' } },
    { title: 'One of them', with: { path: 'incoming/catalogue.zip', names: ['prices.csv'] } },
  ],
  errors: {
    ...sourceErrors,
    ...documentErrors('document.broken', 'document.encrypted', 'document.notFound', 'document.path'),
  },
  notes: `
An archive that holds a name which leads out of its folder (\`../x\`, \`/x\`), or a link, is refused as a whole. What is unpacked is counted as it is read: at
most 64 MiB from one step, however the archive declares its sizes, so a bomb ends its own step. To keep the files, loop over \`files\` with
\`file.write\`, whose \`blob\` takes the reference.
`.trim(),
  async run(ctx, { path, base64, blob, limit, ...rest }) {
    const { parse } = await import('../parsing/parse.ts');
    const source = await sourceBytes(ctx, { path, base64, blob });
    const parameters = { ...rest, mostFiles: limit };
    const { value, bytes } = await parse(ctx, { parser: 'zip', task: 'extract', parameters, bytes: source, answer });
    const files = [];
    let at = 0;
    for (const { name, size } of value.files) {
      files.push({ name, size, blob: await ctx.blobs.put(bytes.slice(at, at + size)) });
      at += size;
    }
    return { files, count: files.length };
  },
});
