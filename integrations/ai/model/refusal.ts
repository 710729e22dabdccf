import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { ModelAnswer } from '../../models/port.ts';

/** How much of what a model wrote an error shows. */
const EXCERPT = 500;

/**
 * Fails if a model did not answer, but refused, or was stopped by its provider.
 *
 * @throws NodeError `ai.refused`, `ai.filtered`
 */
export function requireAnswer(
  ctx: Pick<NodeContext, 'excerpt'>,
  { stop, refusal, text, model, id }: ModelAnswer,
): void {
  if (stop !== 'refusal' && stop !== 'filter') return;
  const words = ctx.excerpt(refusal ?? text, EXCERPT);
  const said = words === '' ? 'It gave no reason.' : `It said: ${words}`;
  const details = { model, id };
  if (stop === 'refusal') throw new NodeError('ai.refused', `The model refused to answer. ${said}`, { details });
  throw new NodeError('ai.filtered', `The provider stopped the answer. ${said}`, { details });
}
