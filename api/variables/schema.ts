import { z } from 'zod';
import { id, json, slug } from '../http/fields.ts';

export const variableParams = z.strictObject({ name: id() });
export const workflowVariableParams = z.strictObject({ workflow: slug(), name: id() });
export const variableBody = z
  .strictObject({ value: json() })
  .refine((body) => body.value !== undefined, { path: ['value'], message: 'is missing; null is a value' });
export const variable = z.object({ name: z.string(), value: json(), updatedAt: z.string() }).meta({ id: 'Variable' });
