import type { PaymentAttempt } from '../../payments.ts';
import type { Chain, Provider } from '../chain/port.ts';
import type { Report } from './decide.ts';

/** What providers say about the attempts of a payment. Those that do not answer say nothing. */
export async function observe(chain: Chain, attempts: readonly PaymentAttempt[]): Promise<Report[]> {
  const signatures = attempts.filter(({ state }) => state !== 'discarded').map(({ signature }) => signature);
  if (signatures.length === 0) return [];
  const asked = await Promise.allSettled(chain.providers.map((provider) => reportOf(provider, signatures)));
  return asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}

/**
 * First how far the chain is for good, then the signatures: a provider that has reached that point when it answers about
 * the signatures knows every block that can hold them.
 */
async function reportOf(provider: Provider, signatures: readonly string[]): Promise<Report> {
  const final = await provider.tip('finalized');
  const { slot, statuses } = await provider.statuses(signatures);
  return {
    provider: provider.name,
    final,
    slot,
    statuses: new Map(signatures.map((signature, index) => [signature, statuses[index] ?? null])),
  };
}
