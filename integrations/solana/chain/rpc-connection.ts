import { z } from 'zod';
import { defineConnection } from '../../define-connection.ts';
import { NodeError } from '../../error.ts';
import { CLUSTER_NAMES } from './clusters.ts';
import { ownCaller } from './own-caller.ts';

const url = (protocol: RegExp) => z.url({ protocol, error: `must be an address that begins with ${protocol.source}` });

/** Who answers at an address: keys and paths of customers do not make another provider. */
const hostOf = (address: string): string =>
  URL.canParse(address) ? new URL(address).host.replace(/\.(?=:|$)/, '') : address;

/** Access to the chain, by one or more providers. */
export const solanaRpc = defineConnection({
  type: 'solana-rpc',
  title: 'Solana RPC',
  description:
    'Access to a Solana cluster by JSON-RPC. Name two providers or more that do not belong together if money depends on it: ' +
    'only then can it be proven that a transaction will never land.',
  fields: z.strictObject({
    urls: z
      .array(url(/^https?$/))
      .min(1)
      .max(5)
      .refine((urls) => new Set(urls.map(hostOf)).size === urls.length, {
        error: 'names a provider twice: each must have a host of its own, because two that agree prove something',
      })
      .describe('Addresses of the providers, the preferred one first. They may hold keys.'),
    cluster: z.enum(CLUSTER_NAMES).describe('The cluster. `custom` is any chain that is none of the public ones.'),
    websocket: url(/^wss?$/)
      .optional()
      .describe(
        'Address of a WebSocket of a provider. Triggers listen there, so that they look at once when something happens.',
      ),
  }),
  // Providers write the key of their customer into the address.
  secretFields: ['urls', 'websocket'],
  allowedHosts: ({ urls, websocket }) => [...urls, ...(websocket ? [websocket] : [])].map((each) => new URL(each).host),
  async test(ctx, { urls, cluster }) {
    const { openChain } = await import('./provider.ts');
    const { bindChain } = await import('./bind.ts');
    try {
      const { name } = await bindChain(openChain(ownCaller(ctx), urls), cluster);
      return { ok: true, account: name };
    } catch (error) {
      if (error instanceof NodeError) return { ok: false, message: error.message };
      throw error;
    }
  },
});
