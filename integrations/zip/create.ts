import { z } from 'zod';
import { defineNode } from '../define.ts';
import { NodeError } from '../error.ts';
import { checkPath } from '../file/path.ts';
import { CODES, documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { checkSaveAs, keepDocument, resultFields, resultOutput } from '../parsing/result.ts';
import {
  MAX_SOURCE_BYTES,
  ONE_SOURCE,
  oneSource,
  sourceBytes,
  sourceErrors,
  textSourceFields,
} from '../parsing/source.ts';

/** Packs files into an archive. */
export const create = defineNode({
  type: 'zip.create',
  version: '1.0.0',
  title: 'Make a ZIP archive',
  description: 'Packs files, references and texts into a ZIP archive: as a reference, or into a file of the store.',
  effect: 'exactly-once',
  ...parsingPolicy,
  input: z.strictObject({
    files: z
      .array(
        z
          .strictObject({
            name: z.string().describe('Name within the archive, such as `invoices/7.pdf`.'),
            ...textSourceFields(),
          })
          .refine(oneSource, ONE_SOURCE),
      )
      .min(1)
      .max(1000)
      .describe('What to pack.'),
    ...resultFields(),
  }),
  output: z.object({ ...resultOutput(), count: z.int().describe('How many files were packed.') }),
  examples: [
    {
      title: 'The invoices of a month',
      with: {
        files: [
          { name: 'invoices/7.pdf', path: 'invoices/7.pdf' },
          { name: 'readme.txt', text: 'Invoices of May' },
        ],
        saveAs: 'outgoing/may.zip',
      },
    },
  ],
  errors: { ...sourceErrors, ...documentErrors('document.value') },
  notes: 'The archive does not depend on the time at which it is made. Together, the files have at most 64 MiB.',
  async run(ctx, { files, saveAs }) {
    checkSaveAs(saveAs);
    requireNames(files.map(({ name }) => name));
    const { parse } = await import('../parsing/parse.ts');
    const contents: Uint8Array[] = [];
    let size = 0;
    for (const { name: _, ...source } of files) {
      const bytes = await sourceBytes(ctx, source);
      size += bytes.byteLength;
      if (size > MAX_SOURCE_BYTES)
        throw new NodeError('document.tooLarge', `${CODES['document.tooLarge']} Pack fewer files.`);
      contents.push(bytes);
    }
    const parameters = { files: files.map(({ name }, index) => ({ name, size: contents[index]!.byteLength })) };
    const answer = z.object({ count: z.int() });
    const made = await parse(ctx, {
      parser: 'zip',
      task: 'create',
      parameters,
      bytes: Buffer.concat(contents),
      answer,
    });
    const kept = await keepDocument(ctx, { bytes: made.bytes, saveAs, contentType: 'application/zip' });
    return { ...kept, count: made.value.count };
  },
});

/** Names within an archive follow the rules of the store, so that whoever unpacks it meets no surprise. */
function requireNames(names: readonly string[]): void {
  for (const name of names) checkPath(name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new NodeError('document.value', `Two files are to have the name ${JSON.stringify(twice)} in the archive.`);
  }
}
