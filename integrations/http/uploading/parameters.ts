import { z } from 'zod';
import { blobReference } from '../../blob.ts';
import { json } from '../../schema.ts';
import { SESSION_PIECE_BYTES } from '../../uploads/in-session.ts';
import { input as request } from '../input.ts';

const { url, query, headers, timeouts } = request.shape;

/** Services take pieces that are multiples of this. */
const UNIT = 262_144;

/** Parameters of `http.upload`. */
export const input = z.strictObject({
  method: z.enum(['POST', 'PUT', 'PATCH']).default('POST').describe('HTTP method of the request that begins.'),
  url: url.describe(
    'Address that begins an upload, such as `https://www.googleapis.com/upload/drive/v3/files?uploadType=resumable`.',
  ),
  query,
  headers: headers.describe('Headers of the request that begins.'),
  json: json().optional().describe('Body of the request that begins: name and kind of what is uploaded.'),
  blob: blobReference().describe('The bytes, as a reference that another node returned.'),
  contentType: z.string().max(200).optional().describe('Media type of the bytes. Default: that of the reference.'),
  session: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Path in the answer of what the session is reached at, such as `uploadUrl`. Default: the header `Location`.',
    ),
  ask: z
    .enum(['PUT', 'GET'])
    .default('PUT')
    .describe(
      'How the service is asked how much it has: an empty PUT with `Content-Range: bytes */N` (Google), or GET (Microsoft).',
    ),
  pieceBytes: z
    .int()
    .min(UNIT)
    .max(67_108_864)
    .default(SESSION_PIECE_BYTES)
    .describe(
      'How many bytes are sent at a time. Most services want a multiple of 256 or 320 KiB; the default is one of both.',
    ),
  timeouts,
});

/** What `http.upload` returns. */
export const output = z.object({
  status: z.int().describe('HTTP status of the last answer.'),
  headers: z.record(z.string(), z.string()).describe('Headers of the last answer, names in lower case.'),
  body: json().describe('What the service says of what was uploaded: parsed JSON, text, or null.'),
  size: z.int().describe('How many bytes were uploaded.'),
});

/** Parameters of `http.upload`, parsed. */
export type UploadInput = z.output<typeof input>;
/** What `http.upload` returns. */
export type UploadOutput = z.output<typeof output>;
