import { NodeError } from '../../error.ts';
import type { Chain, Provider } from './port.ts';

/**
 * Asks all providers at once.
 *
 * @returns what those say that answer; and what the first one threw, if none does
 */
export async function askingAll<T>(
  { providers }: Chain,
  ask: (provider: Provider) => Promise<T>,
): Promise<{ readonly answers: T[]; readonly failure: unknown }> {
  const asked = await Promise.allSettled(providers.map(ask));
  const answers = asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  return { answers, failure: asked.find((answer) => answer.status === 'rejected')?.reason };
}

/**
 * Asks one provider after another until one answers.
 *
 * @param from number of the provider that is asked first
 * @throws NodeError what the last one threw, or what no other provider can mend
 */
export async function reading<T>(chain: Chain, read: (provider: Provider) => Promise<T>, from = 0): Promise<T> {
  const { providers } = chain;
  for (let tried = 1; ; tried += 1) {
    try {
      return await read(providers[(from + tried - 1) % providers.length]!);
    } catch (error) {
      const isMended = error instanceof NodeError && error.retryable && tried < providers.length;
      if (!isMended) throw error;
    }
  }
}
