import type { Json, JsonSchema } from '../../../graph/json.ts';
import { checkAgainst, TooCostly } from '../../../graph/schemas/check/index.ts';
import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { withoutFiller } from '../../models/filler.ts';
import type { ModelAnswer } from '../../models/port.ts';
import { readJson } from '../model/read-json.ts';
import { requireAnswer } from '../model/refusal.ts';

/** A final answer, or what is wrong with it. */
export type Final = { readonly output: Json } | { readonly wrong: string };

/**
 * Fails if a model refused, or if its answer is not whole: the calls of tools in such an answer may lack a part, too, so
 * none of them is made.
 *
 * @throws NodeError `ai.refused`, `ai.filtered`, `ai.cut`
 */
export function requireWhole(ctx: NodeContext, answer: ModelAnswer): void {
  requireAnswer(ctx, answer);
  if (answer.stop === 'length')
    throw new NodeError(
      'ai.cut',
      'The answer was cut at the limit of tokens. Raise `maxOutputTokens`, or ask for less.',
    );
}

/** The final answer: a text, or data of the author's schema. */
export function finalAnswer(answer: ModelAnswer, schema: JsonSchema | undefined): Final {
  if (schema === undefined) return { output: answer.text };
  const read = readJson(answer.text);
  if ('problem' in read) return { wrong: read.problem };
  const output = withoutFiller(read.value, schema);
  const problem = misfit(schema, output);
  return problem === null ? { output } : { wrong: problem };
}

/** What does not fit a schema, in words; null if everything does. */
export function misfit(schema: JsonSchema, value: Json): string | null {
  try {
    const [problem] = checkAgainst(schema, value);
    if (problem === undefined) return null;
    return `${problem.path === '' ? 'the value' : problem.path} ${problem.message}`;
  } catch (error) {
    if (error instanceof TooCostly) return error.message;
    throw error;
  }
}
