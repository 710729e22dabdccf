import { z } from 'zod';
import { nextPage, slug } from '../http/fields.ts';

export const nodeTypeParams = z.strictObject({ type: z.string().min(1).max(200).describe('The node type.') });

const filledIn = {
  connection: slug().optional().describe('The connection that the node names.'),
  with: z
    .record(z.string().max(200), z.unknown())
    .optional()
    .describe('The other parameters, as far as they are known. Those that are expressions are left out.'),
};

export const optionsBody = z.strictObject({
  parameter: z.string().min(1).max(200).describe('The parameter whose choices are wanted.'),
  search: z.string().max(200).default('').describe('What the author typed.'),
  cursor: z.string().max(4096).nullable().default(null).describe('`next` of the page before.'),
  ...filledIn,
});

export const fieldsBody = z.strictObject(filledIn);

export const optionsPage = z.object({
  items: z.array(z.object({ value: z.string(), label: z.string(), hint: z.string().optional() })),
  next: nextPage(),
});

export const fieldsAnswer = z.object({
  schema: z
    .record(z.string(), z.unknown())
    .describe('JSON Schema of the parameter `fields`: null clears, absent leaves.'),
});
