import type { Chain, SignatureStatus } from '../chain/port.ts';
import { askingAll } from '../chain/reading.ts';

/** How sure a status is. */
const SURE: Readonly<Record<SignatureStatus['commitment'], number>> = { processed: 1, confirmed: 2, finalized: 3 };

/**
 * What the provider that knows most says about a signature: that one does not know it means nothing while another one does.
 *
 * @throws NodeError the most telling of what the providers throw if none answers
 */
export async function furthest(chain: Chain, signature: string) {
  const { answers, failure } = await askingAll(chain, (provider) => provider.statuses([signature]));
  const known = answers.map(({ slot, statuses }) => ({ asOf: slot, found: statuses[0] ?? null }));
  const [first, ...others] = known;
  if (!first) throw failure;
  const rank = ({ found }: (typeof known)[number]): number => (found === null ? 0 : SURE[found.commitment]);
  return others.reduce((best, one) => (rank(one) > rank(best) ? one : best), first);
}
