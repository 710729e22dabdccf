import { NodeError } from '../../error.ts';
import type { Chain, Provider } from './port.ts';

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
