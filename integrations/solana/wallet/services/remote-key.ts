import { NodeError } from '../../../error.ts';
import type { WalletKey } from '../key.ts';
import { derivationBy, isSignedBy } from '../keypair.ts';

/** A key in a service. The key itself never leaves the service. */
export interface RemoteKey {
  /** What people call the service. */
  readonly service: string;
  /**
   * The address of the key, by the public key that the service shows. Where a key has several versions, the one with the
   * expected address is taken from here on, if there is one.
   */
  address(expected: string, signal: AbortSignal): Promise<string>;
  /** What the service says is a signature. Nobody has checked it yet. */
  sign(message: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
}

/** How long a service may take when nobody waits with a time of their own. */
const PATIENCE_MS = 10_000;

/**
 * What a service signs so that names can be derived. It begins with a byte with which no transaction begins, so it can never
 * be one.
 */
const derivation = (address: string): Uint8Array =>
  Buffer.concat([Buffer.of(0xff), Buffer.from(`blok receipts v1 ${address}`)]);

/**
 * The key of an address, kept by a service. Its public key is compared with the address before the first signature, and
 * each signature with the bytes, because services answer what they like.
 */
export function remoteKey(remote: RemoteKey, address: string): WalletKey {
  let isChecked = false;
  let derive: ((name: string) => string) | null = null;

  const sign = async (message: Uint8Array, signal: AbortSignal): Promise<Uint8Array> => {
    if (!isChecked) await requireAddress(remote, address, signal);
    isChecked = true;
    const signature = await remote.sign(message, signal);
    if (isSignedBy(address, message, signature)) return signature;
    throw new NodeError(
      'solana.signature',
      `What ${remote.service} answered is no signature of ${address} of these bytes. Nothing was stored and nothing was sent.`,
      { retryable: true },
    );
  };

  return {
    address,
    sign,
    // Signatures of this kind are the same each time, and only whoever may sign with the key can make this one.
    derive: async (name) => {
      derive ??= derivationBy(await sign(derivation(address), AbortSignal.timeout(PATIENCE_MS)));
      return derive(name);
    },
  };
}

/** @throws NodeError `solana.signerKey` if the service keeps the key of another address */
export async function requireAddress(remote: RemoteKey, address: string, signal: AbortSignal): Promise<void> {
  const found = await remote.address(address, signal);
  if (found === address) return;
  throw new NodeError(
    'solana.signerKey',
    `The key in ${remote.service} is that of ${found}, and the connection says ${address}. Correct one of them.`,
  );
}

/** A key of a kind that cannot sign for Solana. */
export const wrongKind = (service: string, found: string, wanted: string): NodeError =>
  new NodeError('solana.signerKey', `The key in ${service} is of the kind ${found}; Solana needs ${wanted}.`);
