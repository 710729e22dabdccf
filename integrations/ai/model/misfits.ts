import type { Json, JsonSchema } from '../../../graph/json.ts';
import type { Problem } from '../../../graph/problems/problem.ts';
import { checkAgainst, TooCostly } from '../../../graph/schemas/check/index.ts';

/** What does not fit a schema. A value whose check takes too much work does not fit, either. */
export function misfits(schema: JsonSchema, value: Json): Pick<Problem, 'code' | 'path' | 'message'>[] {
  try {
    return checkAgainst(schema, value);
  } catch (error) {
    if (!(error instanceof TooCostly)) throw error;
    return [{ code: 'schema-too-costly', path: '', message: `cannot be checked: ${error.message}` }];
  }
}
