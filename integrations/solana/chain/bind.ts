import { NodeError } from '../../error.ts';
import { type Cluster, chainName, clusterOf } from './clusters.ts';
import { tellingOf } from './errors.ts';
import type { Chain, Provider } from './port.ts';

/** A chain of which it is known which one it is. */
export interface BoundChain extends Chain {
  /** Its name in the ledger. */
  readonly name: string;
}

/**
 * Asks all providers which chain they show. Only those that show the same one are heard: a provider that does not answer
 * now is asked again before its first answer counts, because heights and signatures of another chain prove nothing.
 *
 * @throws NodeError `solana.wrongCluster`; the most telling of what the providers throw if none answers
 */
export async function bindChain(chain: Chain, cluster: Cluster): Promise<BoundChain> {
  const asked = await Promise.allSettled(chain.providers.map((provider) => provider.genesisHash()));
  const hashes = asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const [hash] = hashes;
  if (hash === undefined) throw tellingOf(asked.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])));
  const name = chainName(hash);
  if (clusterOf(hash) !== cluster)
    throw wrong(`The providers show the cluster ${clusterOf(hash)} (${hash}), and the connection is for ${cluster}.`);
  if (hashes.some((other) => chainName(other) !== name)) throw wrong('The providers show different chains.');
  const [first, ...others] = chain.providers.map((provider, index) =>
    asked[index]!.status === 'fulfilled' ? provider : askedFirst(provider, name),
  );
  return { name, providers: [first!, ...others] };
}

const wrong = (message: string): NodeError => new NodeError('solana.wrongCluster', `${message} Nothing was done.`);

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** The provider, asked for its chain before anything else. */
function askedFirst(provider: Provider, name: string): Provider {
  let sure: Promise<void> | undefined;
  const ask = async (): Promise<void> => {
    if (chainName(await provider.genesisHash()) !== name) throw wrong(`${provider.name} shows another chain.`);
  };
  const beSure = (): Promise<void> => {
    sure ??= ask().catch((error: unknown) => {
      sure = undefined;
      throw error;
    });
    return sure;
  };
  const methods = Object.entries(provider).map(([key, value]) => [
    key,
    typeof value === 'function'
      ? async (...args: readonly unknown[]) => {
          await beSure();
          return (value as Method)(...args);
        }
      : value,
  ]);
  return Object.fromEntries(methods) as Provider;
}
