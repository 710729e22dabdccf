import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { fromBase58, toBase58 } from '../notation/base58.ts';
import { secretKeyBytes } from './secret-key.ts';

/** A key that signs. Its secret stays in the key object of `node:crypto`. */
export interface Keypair {
  readonly address: string;
  sign(message: Uint8Array): Uint8Array;
  /** A text of 32 characters that only the holder of the key can know, the same for the same name. */
  derive(name: string): string;
}

/** What stands before the 32 bytes of a secret in PKCS #8, and before those of a public key in SPKI. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** The key that a text holds. Null if it holds none, or if its halves do not fit each other. */
export function readKeypair(secret: string): Keypair | null {
  const bytes = secretKeyBytes(secret);
  if (!bytes) return null;
  const seed = bytes.subarray(0, 32);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const address = addressOf(key);
  const derive = derivationBy(seed);
  const fits = address === toBase58(bytes.subarray(32));
  bytes.fill(0);
  if (!fits) return null;
  return {
    address,
    sign: (message) => sign(null, message, key),
    derive,
  };
}

/** Derives texts from a secret, by name. */
export function derivationBy(secret: Uint8Array): (name: string) => string {
  const key = createHmac('sha256', secret).update('blok receipts').digest();
  return (name) => createHmac('sha256', key).update(name).digest('hex').slice(0, 32);
}

/** A new secret key, in base58. */
export function newSecretKey(): { readonly secretKey: string; readonly address: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8.length);
  const address = addressOf(privateKey);
  const secretKey = toBase58(Buffer.concat([seed, fromBase58(address)!]));
  seed.fill(0);
  return { secretKey, address };
}

/** Whether the holder of an address signed a message. */
export function isSignedBy(address: string, message: Uint8Array, signature: Uint8Array): boolean {
  const bytes = fromBase58(address);
  if (bytes?.length !== 32 || signature.length !== 64) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}

function addressOf(key: KeyObject): string {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return toBase58(spki.subarray(SPKI.length));
}
