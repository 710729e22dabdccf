import { z } from 'zod';

export const fileQuery = z.strictObject({
  path: z.string().min(1).max(512).describe('Path in the store of the workspace, such as `reports/2026/may.csv`.'),
});

export const blobParams = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be the sha256 of a blob, in hexadecimal'),
});

export const rangeHeaders = z.object({
  range: z.string().max(200).optional().describe('Which bytes, such as `bytes=1048576-`: one range.'),
  'if-range': z
    .string()
    .max(200)
    .optional()
    .describe('The ETag of what was downloaded in part: otherwise all of it is sent.'),
});
