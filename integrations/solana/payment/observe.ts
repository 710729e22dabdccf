import type { Payment, PaymentAttempt } from '../../payments.ts';
import type { Chain, Provider } from '../chain/port.ts';
import { askingAll } from '../chain/reading.ts';
import { type Decision, decide, type Facts, type Report } from './decide.ts';

/** Asks the providers about a payment, and decides what to do next about it. */
export const nextStep = async (
  chain: Chain,
  { attempts, decidedNo }: Payment,
  wish: Pick<Facts, 'isCancelled' | 'isAbandoned'>,
): Promise<Decision> =>
  decide({
    ...{ attempts, decidedNo },
    reports: await observe(chain, attempts),
    providers: chain.providers.length,
    ...wish,
  });

/** What has to be known of a transaction to ask about it. */
export type Watched = Pick<PaymentAttempt, 'signature' | 'state' | 'receipt' | 'horizon'>;

/** What providers say about transactions. Those that do not answer say nothing. */
export async function observe(chain: Chain, attempts: readonly Watched[]): Promise<Report[]> {
  const sent = attempts.filter(({ state }) => state !== 'discarded');
  if (sent.length === 0) return [];
  return (await askingAll(chain, (provider) => reportOf(provider, sent))).answers;
}

/**
 * First how far the chain is for good, then the signatures: a provider that has reached that point when it answers about
 * the signatures knows every block that can hold them.
 */
async function reportOf(provider: Provider, attempts: readonly Watched[]): Promise<Report> {
  const final = await provider.tip('finalized');
  const signatures = attempts.map(({ signature }) => signature);
  const { slot, statuses } = await provider.statuses(signatures);
  // Before an attempt is taken for dead, its receipt is asked for: the account is there if the transaction landed.
  const receipts = attempts.flatMap(({ state, receipt, horizon }, index) => {
    const status = statuses[index] ?? null;
    const seemsDead = status === null ? final.height > horizon : status.error !== null;
    return state === 'sent' && receipt !== null && seemsDead ? [receipt] : [];
  });
  return {
    provider: provider.name,
    final,
    slot,
    statuses: new Map(signatures.map((signature, index) => [signature, statuses[index] ?? null])),
    receipts: await existing(provider, receipts, final.slot).catch(() => null),
  };
}

/** Which of these accounts exist, seen at that slot or later; null: the provider has answered from further behind. */
async function existing(
  provider: Provider,
  addresses: readonly string[],
  atLeast: bigint,
): Promise<ReadonlySet<string> | null> {
  if (addresses.length === 0) return null;
  const { slot, accounts } = await provider.accounts(addresses, atLeast);
  // Older nodes do not know `minContextSlot`, and answer from wherever they are.
  if (slot < atLeast) return null;
  return new Set(addresses.filter((_, index) => accounts[index]));
}
