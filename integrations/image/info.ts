import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { ONE_SOURCE, oneSource, sourceBytes, sourceErrors, sourceFields } from '../parsing/source.ts';

const output = z.object({
  format: z.string().describe('`png`, `jpeg`, `gif`, `webp`, `tiff`, `bmp`, `avif` or `heic`, by the bytes.'),
  width: z.int().describe('Pixels, as a viewer shows the image.'),
  height: z.int().describe('Pixels, as a viewer shows the image.'),
  orientation: z.int().describe('How the camera was held (EXIF): 1 is upright.'),
  size: z.int().describe('Bytes.'),
});

/** Says what an image is. */
export const info = defineNode({
  type: 'image.info',
  version: '1.0.0',
  title: 'Describe an image',
  description: 'Says the format and the size of an image, from its first bytes, without decoding it.',
  effect: 'read',
  ...parsingPolicy,
  input: z.strictObject(sourceFields()).refine(oneSource, ONE_SOURCE),
  output,
  examples: [{ title: 'A photo that was sent', with: { path: 'incoming/photo.jpg' } }],
  errors: { ...sourceErrors, ...documentErrors('document.broken', 'document.kind') },
  async run(ctx, source) {
    const [{ parse }, { codec }] = await Promise.all([import('../parsing/parse.ts'), import('./codec.ts')]);
    const bytes = await sourceBytes(ctx, source);
    const call = { parser: 'image', task: 'info', parameters: {}, bytes, answer: output, files: codec() } as const;
    return (await parse(ctx, call)).value;
  },
});
