import { z } from 'zod';

/**
 * A reference to large or binary bytes in the workspace's blob store, returned by one node and taken by another.
 * A reference is read only from a parameter declared as one. It is never recognised by its shape within other data.
 */
export const blobReference = () =>
  z.object({
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be the sha256 of a blob another node returned')
      .describe('SHA-256 of the bytes, hexadecimal.'),
    size: z.int().min(0).optional().describe('Bytes.'),
    contentType: z.string().optional().describe('Media type, if known.'),
  });
