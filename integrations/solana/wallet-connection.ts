import { z } from 'zod';
import { defineConnection } from '../define-connection.ts';
import { CLUSTER_NAMES } from './chain/clusters.ts';
import { policy } from './policy.ts';
import { addressIn, secretKeyBytes } from './wallet/secret-key.ts';

/** A key that pays, with what it may pay. */
export const solanaWallet = defineConnection({
  type: 'solana-wallet',
  title: 'Solana wallet',
  description:
    'A key that pays on one Solana cluster, within its policy. The policy is sealed together with the key. Without a policy the ' +
    'wallet pays nothing.',
  fields: z.strictObject({
    rpc: z.string().min(1).max(64).describe('Name of the `solana-rpc` connection by which the chain is reached.'),
    cluster: z
      .enum(CLUSTER_NAMES)
      .describe(
        'The only cluster on which the wallet pays, whatever its RPC connection says. It is recognised by its genesis hash.',
      ),
    secretKey: z
      .string()
      .max(500)
      .refine(
        (text) => secretKeyBytes(text) !== null,
        'must be a secret key: 64 bytes in base58, or the list of `solana-keygen`',
      )
      .describe(
        'The secret key: in base58, as wallets export it, or the list of numbers in a file of `solana-keygen`.',
      ),
    policy: policy.optional().describe('What the wallet may pay. Default: nothing.'),
  }),
  secretFields: ['secretKey'],
  links: { rpc: 'solana-rpc' },
  allowedHosts: () => [],
  shows: ({ secretKey, rpc, cluster, policy: given }) => ({
    address: addressIn(secretKey),
    rpc,
    cluster,
    policy: given ?? null,
  }),
  async test(_, { secretKey }) {
    const { readKeypair } = await import('./wallet/keypair.ts');
    const keypair = readKeypair(secretKey);
    if (keypair) return { ok: true, account: keypair.address };
    return { ok: false, message: 'The secret key is damaged: its two halves do not belong together.' };
  },
});
