import { NodeError } from '../../error.ts';
import { tellingOf } from './errors.ts';
import type { Chain, Landed } from './port.ts';
import type { DecodedTransaction } from './transactions/decoded.ts';

/**
 * Looks a transaction up: with one provider after the other until one can show it. Providers differ in how much they
 * remember, how far they are, and which versions they know.
 *
 * @returns undecodable only if no provider can show more; null only if all that answered say that they do not know it
 * @throws NodeError if a provider that might know it could not be asked
 */
export async function findTransaction(
  { providers }: Chain,
  signature: string,
  commitment: Landed,
): Promise<DecodedTransaction | null> {
  let best: DecodedTransaction | null = null;
  const failures: unknown[] = [];
  for (const provider of providers) {
    try {
      const found = await provider.transaction(signature, commitment);
      if (found && found.status !== 'undecodable') return found;
      best ??= found;
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      failures.push(error);
    }
  }
  if (best === null && failures.length > 0) throw tellingOf(failures);
  return best;
}
