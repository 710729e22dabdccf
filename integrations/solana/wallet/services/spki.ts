import { createPublicKey } from 'node:crypto';
import { toBase58 } from '../../notation/base58.ts';

/** The address of a public key in SPKI, as DER or PEM; null if it is no key of Ed25519. */
export function addressOfSpki(key: Uint8Array | string): string | null {
  try {
    const given =
      typeof key === 'string'
        ? createPublicKey(key)
        : createPublicKey({ key: Buffer.from(key), format: 'der', type: 'spki' });
    if (given.asymmetricKeyType !== 'ed25519') return null;
    return toBase58(given.export({ format: 'der', type: 'spki' }).subarray(-32));
  } catch {
    return null;
  }
}
