import { z } from 'zod';
import { defineNode } from '../define.ts';
import { checkSaveAs, keepDocument, resultFields, resultOutput } from '../parsing/result.ts';
import { openJournal } from './parts/journal.ts';
import { longTextPolicy } from './parts/policy.ts';
import { modelConnection, modelErrors } from './policy.ts';
import { costLimit, modelField } from './tasks/fields.ts';
import { spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

/** Makes an image of a description. */
export const generateImage = defineNode({
  type: 'ai.generateImage',
  version: '1.0.0',
  title: 'Generate an image',
  description: 'Makes an image of a description, and returns it as a reference or writes it to the store.',
  connection: modelConnection,
  ...longTextPolicy,
  input: z.strictObject({
    model: modelField('gpt-image-2.6-sunburst'),
    prompt: z.string().min(1).max(32_000).describe('What the image shows, and how.'),
    size: z
      .string()
      .regex(/^(?:auto|\d{2,5}x\d{2,5})$/, 'must be a size such as 1024x1024')
      .optional()
      .describe('Width and height in pixels, such as `1024x1024`. Default: what the model makes.'),
    ...resultFields(),
    maxCost: costLimit(),
  }),
  output: z.object({
    ...resultOutput(),
    contentType: z.string().describe('Media type of the image.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'A picture for an article',
      with: {
        model: 'gpt-image-2.6-sunburst',
        prompt: 'A lighthouse in fog, as a woodcut',
        size: '1024x1024',
        saveAs: 'images/lighthouse.png',
      },
    },
  ],
  errors: {
    ...modelErrors,
    'ai.invalid': 'The provider answered with bytes that are no image.',
    'file.path': 'The path is absolute, leaves the store (`..`), or holds a backslash or control character.',
  },
  notes:
    'An image that was made is kept before it is written: after a failure or a crash, no second one is made or paid for.',
  async run(step, { maxCost, model, prompt, size, saveAs }) {
    const ctx = within(step, maxCost);
    checkSaveAs(saveAs);
    const { makeImage } = await import('./tasks/services.ts');
    const journal = await openJournal(ctx, [1, model, prompt, size ?? null]);
    const { value, spent } = await journal.part('image', async () => {
      const made = await makeImage(ctx, { model, prompt, size });
      const { sha256 } = await ctx.blobs.put(made.value.bytes);
      return { value: { sha256, contentType: made.value.mediaType }, spent: made.spent };
    });
    const bytes = await ctx.blobs.get(value.sha256);
    return {
      ...(await keepDocument(ctx, { bytes, saveAs, contentType: value.contentType })),
      contentType: value.contentType,
      ...spent,
    };
  },
});
