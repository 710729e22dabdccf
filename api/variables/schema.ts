import { z } from 'zod';
import { id, json, slug } from '../http/fields.ts';

export const workflowParams = z.strictObject({ workflow: slug() });
export const variableParams = z.strictObject({ name: id() });
export const workflowVariableParams = z.strictObject({ workflow: slug(), name: id() });
export const variableBody = z
  .strictObject({ value: json() })
  .refine((body) => body.value !== undefined, { path: ['value'], message: 'is missing; null is a value' });
export const variable = z.object({ name: z.string(), value: json(), updatedAt: z.string() }).meta({ id: 'Variable' });

export const variableList = z.object({ items: z.array(variable) });

export const effectiveVariables = z.object({
  items: z.array(
    z
      .object({
        name: z.string(),
        value: json().describe('What a run that starts now sees.'),
        origin: z.enum(['graph', 'workspace', 'workflow']).describe('Who says the value; `graph`: it is the default.'),
        declared: z.boolean().describe('Whether the published graph declares it; otherwise no run reads it.'),
        instead: z
          .object({ graph: json().optional(), workspace: json().optional() })
          .describe('The values that this one stands in front of.'),
        updatedAt: z.string().nullable(),
      })
      .meta({ id: 'EffectiveVariable' }),
  ),
});
