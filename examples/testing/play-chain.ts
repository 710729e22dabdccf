import { chainConnection, LAMPORTS, PLAY_WALLETS, walletConnections } from '../../embedded/chain/play-money.ts';
import type { OpenConnection } from '../../integrations/context.ts';
import { createChain, type TestChain } from '../../integrations/solana/testing/chain.ts';
import { startProvider } from '../../integrations/solana/testing/provider.ts';
import { createSvm } from '../../integrations/solana/testing/svm.ts';

/** A chain with the play money of the examples, in the process of the test, on any platform. */
export interface PlayChain {
  readonly chain: TestChain;
  /** Addresses of its two providers. */
  readonly urls: readonly string[];
  /** The connections that `npm start` sets up for it. */
  readonly connections: readonly OpenConnection[];
  /** How much an address holds, in lamports. */
  held(address: string): bigint;
  close(): Promise<void>;
}

/** Starts it. Blocks are made as often as somebody looks, so that no test waits for them. */
export async function startPlayChain(): Promise<PlayChain> {
  const chain = createChain(await createSvm());
  for (const { address, sol } of PLAY_WALLETS) chain.svm.fund(address, BigInt(sol * LAMPORTS));
  const providers = await Promise.all([1, 2].map(() => startProvider(chain, { blocksPerLook: 10 })));
  const urls = providers.map(({ url }) => url);
  const rpc: OpenConnection = { ...chainConnection(urls), hosts: [] };
  const wallets = walletConnections.map((each): OpenConnection => ({ ...each, hosts: [], linked: { rpc } }));
  return {
    ...{ chain, urls, connections: [rpc, ...wallets] },
    held: (address) => chain.svm.account(address)?.lamports ?? 0n,
    close: async () => {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}
