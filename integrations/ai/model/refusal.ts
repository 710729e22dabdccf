import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { ModelAnswer } from '../../models/port.ts';
import type { CallCost } from '../../spending.ts';

/** How much of what a model wrote an error shows. */
const EXCERPT = 500;

/**
 * Fails if a model did not answer, but refused, or was stopped by its provider.
 *
 * @throws NodeError `ai.refused`, `ai.filtered`
 */
export function requireAnswer(
  ctx: Pick<NodeContext, 'excerpt'>,
  { stop, refusal, text, model, id }: Omit<ModelAnswer, 'usage'>,
): void {
  if (stop !== 'refusal' && stop !== 'filter') return;
  const words = ctx.excerpt(refusal ?? text, EXCERPT);
  const said = words === '' ? 'It gave no reason.' : `It said: ${words}`;
  const details = { model, id };
  if (stop === 'refusal') throw new NodeError('ai.refused', `The model refused to answer. ${said}`, { details });
  throw new NodeError('ai.filtered', `The provider stopped the answer. ${said}`, { details });
}

/**
 * Fails if a model did not answer, or if its answer is not whole: calls of tools in such an answer may lack a part, too, so
 * none of them is made.
 *
 * @throws NodeError `ai.refused`, `ai.filtered`, `ai.cut`
 */
export function requireWhole(
  ctx: Pick<NodeContext, 'excerpt'>,
  answer: Omit<ModelAnswer, 'usage'> & Pick<CallCost, 'usage'>,
): void {
  requireAnswer(ctx, answer);
  if (answer.stop !== 'length') return;
  throw new NodeError(
    'ai.cut',
    'The answer was cut off at "maxOutputTokens", so it is not whole. Raise the limit, or ask for less.',
    { details: { model: answer.model, output: answer.usage.output } },
  );
}
