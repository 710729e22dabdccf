import { DURATION_PATTERN } from '../duration.ts';
import type { JsonSchema } from '../json.ts';

/** Schema of a duration. */
export const duration: JsonSchema = { type: 'string', pattern: DURATION_PATTERN };

/** Schema of a condition: null counts as false. */
export const condition: JsonSchema = { type: ['boolean', 'null'] };

/** Whether a schema is the schema of a condition, with or without a description. */
export const isCondition = ({ type }: JsonSchema): boolean => JSON.stringify(type) === JSON.stringify(condition.type);

/** Schema of a `with` that takes these parameters and no others. */
export const parameters = (properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
