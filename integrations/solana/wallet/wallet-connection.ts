import { z } from 'zod';
import { defineConnection } from '../../define-connection.ts';
import { NodeError } from '../../error.ts';
import { CLUSTER_NAMES, type Cluster } from '../chain/clusters.ts';
import { ownCaller } from '../chain/own-caller.ts';
import { address } from '../notation/fields.ts';
import { policy } from '../policy.ts';
import { addressIn, secretKeyBytes } from './secret-key.ts';
import { addressOfService, credentials, credentialsOf, signer } from './services/fields.ts';

const fields = z
  .strictObject({
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
        'must be a secret key: 64 bytes in base58, or the list of `solana-keygen`. A seed phrase is none, nor are 32 bytes',
      )
      .optional()
      .describe(
        'The secret key: in base58, as wallets export it, or the list of numbers in a file of `solana-keygen`. Only if no service keeps it.',
      ),
    signer: signer
      .optional()
      .describe('Who keeps the key and signs: AWS KMS, Cloud KMS of Google, or Vault. Default: it is in `secretKey`.'),
    credentials: credentials
      .optional()
      .describe(
        'What that service takes: `accessKeyId` and `secretAccessKey` of AWS, the file of a service account of Google, or a `token` of Vault.',
      ),
    address: address()
      .optional()
      .describe('Address of the wallet. Required if a service keeps the key, whose public key is compared with it.'),
    prices: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('Name of the `price-feeds` connection that says what payments are worth. Needed for limits in USD.'),
    policy: policy.optional().describe('What the wallet may pay. Default: nothing.'),
  })
  .superRefine((given, ctx) => {
    const wrong = (field: string, message: string): void =>
      ctx.addIssue({ code: 'custom', path: [field], message, input: undefined });
    const type = given.signer?.type ?? 'keypair';
    if (type === 'keypair') {
      if (given.secretKey === undefined) return wrong('secretKey', 'is missing: no service keeps the key');
      if (given.credentials !== undefined) return wrong('credentials', 'are for a service, and the key is kept here');
      if (given.address !== undefined && given.address !== addressIn(given.secretKey))
        wrong('address', 'is not that of the secret key');
      return;
    }
    if (given.secretKey !== undefined) wrong('secretKey', `must not be given: ${type} keeps the key`);
    if (given.address === undefined) wrong('address', `is missing: that of the key in ${type}`);
    if (!credentialsOf[type].safeParse(given.credentials).success) wrong('credentials', `are not those of ${type}`);
  });

/** A key that pays, with what it may pay. */
export const solanaWallet = defineConnection({
  type: 'solana-wallet',
  title: 'Solana wallet',
  description:
    'A key that pays on one Solana cluster, within its policy. The policy is sealed together with the key, or with what opens the ' +
    'service that keeps the key. Without a policy the wallet pays nothing.',
  fields,
  secretFields: ['secretKey', 'credentials'],
  links: { rpc: 'solana-rpc', prices: 'price-feeds' },
  allowedHosts: ({ signer: given }) => {
    const service = given ? addressOfService(given) : null;
    return service === null ? [] : [new URL(service).host];
  },
  shows: (given) => ({
    address: addressOfWallet(given),
    rpc: given.rpc,
    cluster: given.cluster,
    signer: given.signer ?? { type: 'keypair' },
    policy: given.policy ?? null,
  }),
  async holds(ctx, shown, { rpc = null }) {
    const { openLinked } = await import('./open-linked.ts');
    const { holdingsOf } = await import('../chain/holdings.ts');
    const chain = await openLinked(ownCaller(ctx), rpc, shown.cluster as Cluster);
    return holdingsOf(chain, String(shown.address));
  },
  async test(ctx, given) {
    const own = given.secretKey;
    if (own !== undefined) {
      const { readKeypair } = await import('./keypair.ts');
      const keypair = readKeypair(own);
      if (keypair) return { ok: true, account: keypair.address };
      return { ok: false, message: 'The secret key is damaged: its two halves do not belong together.' };
    }
    const { openRemote } = await import('./services/open.ts');
    const { requireAddress } = await import('./services/remote-key.ts');
    const account = addressOfWallet(given);
    try {
      await requireAddress(openRemote(ownCaller(ctx), given.signer!, given.credentials)!, account, ctx.signal);
      return { ok: true, account };
    } catch (error) {
      if (error instanceof NodeError) return { ok: false, message: error.message };
      throw error;
    }
  },
});

/** The address of a wallet, by the fields of its connection. */
export const addressOfWallet = (given: Pick<z.output<typeof fields>, 'address' | 'secretKey'>): string =>
  given.address ?? addressIn(given.secretKey!);
