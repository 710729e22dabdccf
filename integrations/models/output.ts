import type { JsonSchema } from '../../graph/json.ts';
import type { ModelRequest } from './port.ts';
import { strictSchema } from './strict-schema.ts';

/** How a model is told to answer in JSON. */
export interface OutputRules {
  /** The schema in the strict mode's subset, or null if the schema does not fit into it. */
  readonly strict: JsonSchema | null;
  readonly instructions: string | undefined;
}

/** The rules for an answer: the strict mode where the schema allows it, the schema in words elsewhere. */
export function outputRules({ output, instructions }: Pick<ModelRequest, 'output' | 'instructions'>): OutputRules {
  if (!output) return { strict: null, instructions };
  const strict = strictSchema(output.schema as JsonSchema);
  if (strict !== null) return { strict, instructions };
  const rule = `Answer with JSON only, without any other text, that fits this JSON Schema:\n${JSON.stringify(output.schema)}`;
  return { strict, instructions: instructions === undefined ? rule : `${instructions}\n\n${rule}` };
}
