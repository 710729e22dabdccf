import { NodeError } from '../../error.ts';
import type { Line } from './line.ts';
import { slotOf } from './rows.ts';

/**
 * The first slot of which a provider still has the block. What was before, it has thrown away, and lists as if it had never been.
 *
 * @returns infinity if the provider does not say
 */
export async function keptFrom(line: Line): Promise<number> {
  const [first] = await line.ask([{ method: 'getFirstAvailableBlock', params: [] }]);
  if (!(first instanceof NodeError)) return slotOf(first ?? null);
  if (first.retryable) throw first;
  return Number.POSITIVE_INFINITY;
}
