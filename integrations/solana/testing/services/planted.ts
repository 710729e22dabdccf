import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { toBase58 } from '../../notation/base58.ts';

/** A key that a service keeps: nothing of its secret may appear anywhere else. */
export interface PlantedKey {
  readonly address: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  sign(message: Uint8Array): Buffer;
  /** The secret in every form in which it could be found. */
  readonly forms: readonly Buffer[];
}

/** Makes a key for a service. */
export function plantedKey(): PlantedKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const whole = Buffer.concat([seed, raw]);
  const texts = [seed, whole].flatMap((one) => [
    ...[toBase58(one), one.toString('hex'), one.toString('base64').replace(/=+$/, ''), JSON.stringify([...one])],
  ]);
  return {
    address: toBase58(raw),
    ...{ privateKey, publicKey },
    sign: (message) => sign(null, message, privateKey),
    forms: [Buffer.from(seed), ...texts.map((text) => Buffer.from(text))],
  };
}
