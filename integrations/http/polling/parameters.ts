import { z } from 'zod';
import { json } from '../../schema.ts';

const expression = () =>
  z
    .string()
    .min(1)
    .max(2_000)
    .refine((text) => !text.includes('${{'), 'is an expression by itself: write it without ${{ }}');

/** Schema of the parameters of `http.poll`. */
export const pollParameters = z.strictObject({
  url: z.string().min(1).max(8192).describe('Address, http or https.'),
  method: z.enum(['GET', 'POST']).default('GET').describe('HTTP method. POST is for services that search with a body.'),
  query: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .describe('Query parameters.'),
  headers: z.record(z.string(), z.string()).optional().describe('Request headers.'),
  json: json().optional().describe('JSON body of a POST.'),
  items: z
    .string()
    .max(200)
    .default('')
    .describe('Dotted path to the list in the answer. Default: the answer is the list.'),
  key: expression().default('item.id').describe('Expression for what identifies an item, such as `item.id`.'),
  newestFirst: z.boolean().default(false).describe('The list begins with the newest item.'),
  cursor: expression()
    .optional()
    .describe('Expression for where the next look goes on, such as `item.updated_at` or `input.next`.'),
  parameter: z.string().min(1).max(200).optional().describe('Query parameter in which the cursor is sent.'),
  field: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Dotted path of the field of `json` in which the cursor is sent.'),
  more: expression().optional().describe('Condition: there is more, so look again at once, such as `input.has_more`.'),
  maxBytes: z.int().min(1).max(104_857_600).default(10_485_760).describe('Largest answer in bytes.'),
});

/** Parameters of `http.poll`, parsed. */
export type PollParameters = z.output<typeof pollParameters>;
