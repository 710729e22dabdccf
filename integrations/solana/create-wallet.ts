import { z } from 'zod';
import { defineNode } from '../define.ts';
import { NodeError } from '../error.ts';
import { CLUSTER_NAMES } from './chain/clusters.ts';
import { readPolicy } from './chain/policies.ts';
import { solanaWallet } from './wallet/wallet-connection.ts';

/** Makes a wallet. */
export const solanaCreateWallet = defineNode({
  type: 'solana.createWallet',
  version: '1.0.0',
  title: 'Create a wallet',
  description:
    'Makes a key, stores it as a connection of type solana-wallet, and returns its address. The key itself is shown nowhere.',
  effect: 'exactly-once',
  queue: 'wallet',
  ...readPolicy,
  input: z.strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be a-z, 0-9 and "-", beginning with a letter, at most 63')
      .describe('Name of the connection. It must be free.'),
    rpc: z
      .string()
      .min(1)
      .max(64)
      .describe('Name of the `solana-rpc` connection by which the wallet reaches the chain.'),
    cluster: z.enum(CLUSTER_NAMES).describe('The only cluster on which the wallet pays.'),
  }),
  output: z.object({
    name: z.string().describe('Name of the connection.'),
    address: z.string().describe('Address of the wallet.'),
  }),
  examples: [{ title: 'A wallet on devnet', with: { name: 'tips', rpc: 'devnet', cluster: 'devnet' } }],
  errors: { 'wallet.exists': 'Another connection has this name.' },
  notes:
    'The wallet has no policy, so it receives and pays nothing until somebody gives it one. Back up the database: the key is nowhere else.',
  async run(ctx, { name, rpc, cluster }) {
    if (!ctx.payments) throw new NodeError('solana.noLedger', 'There is nowhere to keep a wallet.');
    const { newSecretKey } = await import('./wallet/keypair.ts');
    const { secretKey, address } = newSecretKey();
    const data = { rpc, cluster, secretKey };
    const stored = await ctx.payments.createWallet({ name, address, data, shown: solanaWallet.shows!(data) });
    return { name, address: stored.address };
  },
});
