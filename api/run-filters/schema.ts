import { z } from 'zod';
import { name } from '../http/fields.ts';
import { runFilter } from '../runs/schema.ts';

export const savedFilter = z
  .object({
    name: z.string(),
    filter: z.record(z.string(), z.string()).describe('Parameters of GET /api/runs.'),
    author: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'SavedFilter' });
export const filterList = z.object({ items: z.array(savedFilter) });

export const filterParams = z.strictObject({ name: name(100) });

/** What is kept are the parameters themselves, so that a later version reads them by its own rules. */
export const filterBody = z.strictObject({
  filter: z.record(z.string(), z.string()).superRefine((given, check) => {
    const { error } = z.strictObject(runFilter).safeParse(given);
    for (const { path, message } of error?.issues ?? []) check.addIssue({ code: 'custom', path, message });
  }),
});
