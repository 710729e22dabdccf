/** The public clusters, by the beginnings of their genesis hashes, which are also their names in CAIP-2. */
export const CLUSTERS = {
  mainnet: '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
  devnet: 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1',
  testnet: '4uhcVJyU9pJkvQyS88uRDiswHXSCkY3z',
} as const;

/** The names of the clusters. `custom` is every chain that is none of the public ones. */
export const CLUSTER_NAMES = ['mainnet', 'devnet', 'testnet', 'custom'] as const;

/** Name of a cluster. */
export type Cluster = (typeof CLUSTER_NAMES)[number];

/** The cluster with that genesis hash. */
export function clusterOf(genesisHash: string): Cluster {
  const known = Object.entries(CLUSTERS).find(([, hash]) => genesisHash.startsWith(hash));
  return (known?.[0] as keyof typeof CLUSTERS | undefined) ?? 'custom';
}

/** The chain's name in the ledger. */
export const chainName = (genesisHash: string): string => `solana:${genesisHash.slice(0, 32)}`;
