import { MONEY_DIGITS } from '../../../graph/money.ts';
import type { NodeContext } from '../../context.ts';

/**
 * The context of a step whose calls may cost no more together than its author says, all attempts included.
 *
 * @param container whose calls count together; absent: the step itself
 */
export function within(ctx: NodeContext, maxCost: number | undefined, container?: string): NodeContext {
  const { spending } = ctx;
  if (maxCost === undefined || spending === undefined) return ctx;
  const limit = { cost: maxCost.toFixed(MONEY_DIGITS), ...(container !== undefined && { within: container }) };
  return { ...ctx, spending: { reserve: (call) => spending.reserve({ ...call, limit }) } };
}
