import { isOfProvider, tellingOf } from './errors.ts';
import type { Chain, Provider } from './port.ts';

/**
 * Asks all providers at once.
 *
 * @returns what those say that answer; and the most telling of what the others threw
 */
export async function askingAll<T>(
  { providers }: Chain,
  ask: (provider: Provider) => Promise<T>,
): Promise<{ readonly answers: T[]; readonly failure: unknown }> {
  const asked = await Promise.allSettled(providers.map(ask));
  const answers = asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  return {
    answers,
    failure: tellingOf(asked.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))),
  };
}

/**
 * Asks one provider after another until one answers.
 *
 * @param from number of the provider that is asked first
 * @throws NodeError the most telling of what they threw, or what no other provider can mend
 */
export async function reading<T>(chain: Chain, read: (provider: Provider) => Promise<T>, from = 0): Promise<T> {
  const { providers } = chain;
  const failures: unknown[] = [];
  while (failures.length < providers.length) {
    try {
      return await read(providers[(from + failures.length) % providers.length]!);
    } catch (error) {
      if (!isOfProvider(error)) throw error;
      failures.push(error);
    }
  }
  throw tellingOf(failures);
}
