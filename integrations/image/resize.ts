import { z } from 'zod';
import { defineNode } from '../define.ts';
import { documentErrors, parsingPolicy } from '../parsing/failures.ts';
import { checkSaveAs, keepDocument, resultFields, resultOutput } from '../parsing/result.ts';
import { ONE_SOURCE, oneSource, sourceBytes, sourceErrors, sourceFields } from '../parsing/source.ts';

const answer = z.object({ format: z.enum(['png', 'jpeg', 'webp']), width: z.int(), height: z.int() });

const pixels = () => z.int().min(1).max(10_000);

/** Makes an image of another size or format. */
export const resize = defineNode({
  type: 'image.resize',
  version: '1.0.0',
  title: 'Resize an image',
  description: 'Makes a smaller or larger copy of an image, or one in another format.',
  effect: 'exactly-once',
  ...parsingPolicy,
  input: z
    .strictObject({
      ...sourceFields(),
      width: pixels().optional().describe('Width in pixels. Default: what the height gives.'),
      height: pixels().optional().describe('Height in pixels. Default: what the width gives.'),
      fit: z
        .enum(['inside', 'cover', 'fill'])
        .default('inside')
        .describe('`inside` keeps the whole image, `cover` fills the area and cuts the rest off, `fill` distorts.'),
      enlarge: z.boolean().default(false).describe('Whether a small image becomes larger.'),
      format: z
        .enum(['png', 'jpeg', 'webp'])
        .optional()
        .describe('Format of the copy. Default: that of the image; PNG for GIF, TIFF and BMP.'),
      quality: z.int().min(1).max(100).default(85).describe('Quality of a JPEG.'),
      ...resultFields(),
    })
    .refine(oneSource, ONE_SOURCE)
    .refine(({ width, height, format }) => width ?? height ?? format, 'name a width, a height or a format'),
  output: z.object({
    ...resultOutput(),
    format: answer.shape.format.describe('Format of the copy.'),
    width: z.int().describe('Pixels.'),
    height: z.int().describe('Pixels.'),
  }),
  examples: [
    { title: 'A preview', with: { path: 'incoming/photo.jpg', width: 320, saveAs: 'previews/photo.jpg' } },
    { title: 'A square', with: { path: 'incoming/photo.png', width: 128, height: 128, fit: 'cover', format: 'jpeg' } },
  ],
  errors: { ...sourceErrors, ...documentErrors('document.broken', 'document.kind') },
  notes: `
Reads PNG, JPEG, GIF (its first picture), WebP, TIFF and BMP of at most 40 million pixels. A photo is turned as the camera was held; place, time and all else that a
camera notes is not in the copy. WebP is written without loss.
`.trim(),
  async run(ctx, { path, base64, blob, saveAs, ...parameters }) {
    checkSaveAs(saveAs);
    const [{ parse }, { codec }] = await Promise.all([import('../parsing/parse.ts'), import('./codec.ts')]);
    const source = await sourceBytes(ctx, { path, base64, blob });
    const call = { parser: 'image', task: 'resize', parameters, bytes: source, answer, files: codec() } as const;
    const { value, bytes } = await parse(ctx, call);
    return { ...value, ...(await keepDocument(ctx, { bytes, saveAs, contentType: `image/${value.format}` })) };
  },
});
