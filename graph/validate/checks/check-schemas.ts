import type { NodeFacts } from '../../catalogue.ts';
import { compileValue } from '../../expression/parse.ts';
import type { JsonObject } from '../../json.ts';
import type { ValidationContext } from '../../node-types/context.ts';
import { escapeSegment, own } from '../../pointer.ts';
import type { Problem } from '../../problems/problem.ts';
import { checkSchema } from '../schemas/check-json-schema.ts';

/** Checks the parameters of a node that are JSON Schemas. One that an expression decides is checked when the node runs. */
export function checkSchemas(
  { schemas = [] }: Pick<NodeFacts, 'schemas'>,
  parameters: JsonObject | undefined,
  path: string,
  context: ValidationContext,
): Problem[] {
  return schemas.flatMap((name) => {
    const schema = own(parameters, name);
    // What is no map is reported with the parameters.
    const isMap = schema !== undefined && schema !== null && typeof schema === 'object' && !Array.isArray(schema);
    if (!isMap || compileValue(schema).template[0] !== 'v') return [];
    return checkSchema(schema, `${path}/with/${escapeSegment(name)}`, context);
  });
}
