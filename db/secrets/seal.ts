import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256-GCM output: `ciphertext` ends with the 16-byte tag. */
export interface Sealed {
  /** 96 random bits; a key seals far fewer than 2^32 messages. */
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

const TAG = 16;

/**
 * Encrypts with AES-256-GCM (NIST SP 800-38D). `context` is authenticated but not stored: only a caller who names the
 * same context can decrypt.
 */
export function seal(key: Uint8Array, plaintext: Uint8Array, context: string, nonce = randomBytes(12)): Sealed {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(Buffer.from(context));
  return { nonce, ciphertext: Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]) };
}

/** Decrypts what `seal` made. @throws if key, context, nonce or ciphertext differ in a single bit. */
export function unseal(key: Uint8Array, sealed: Sealed, context: string): Buffer {
  const { nonce, ciphertext } = sealed;
  if (ciphertext.byteLength < TAG) throw new Error('too short to be sealed');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  decipher.setAAD(Buffer.from(context)).setAuthTag(ciphertext.subarray(-TAG));
  return Buffer.concat([decipher.update(ciphertext.subarray(0, -TAG)), decipher.final()]);
}
