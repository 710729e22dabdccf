import { DURATION_PATTERN } from '../duration.ts';
import type { JsonSchema } from '../json.ts';

/** Schema of a duration. */
export const duration: JsonSchema = { type: 'string', pattern: DURATION_PATTERN };

/** Schema of `with`: these parameters and no others. */
export const parameters = (properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
