import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Key-encryption keys: the first one wraps, all of them unwrap. Kept in memory only. */
export interface Keyring {
  readonly current: { readonly id: string; readonly key: Uint8Array };
  readonly byId: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads key-encryption keys: 32 bytes each, base64 or hex, separated by commas or white space. The first wraps new
 * data keys; the others still open old ones, until `rewrapDataKeys` has run.
 *
 * @throws if a key is not 32 bytes; the message holds no part of it
 */
export function parseKeyring(text: string): Keyring {
  const keys = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part, at) => {
      const key = Buffer.from(part, /^[0-9a-f]{64}$/i.test(part) ? 'hex' : 'base64');
      if (key.byteLength !== 32) {
        throw new Error(
          `Secret key ${at + 1} has ${key.byteLength} bytes, not 32. Make one with: openssl rand -base64 32`,
        );
      }
      return { id: createHash('sha256').update(key).digest('hex').slice(0, 16), key };
    });
  const current = keys[0];
  if (!current) throw new Error('The secret key is empty. Make one with: openssl rand -base64 32');
  return { current, byId: new Map(keys.map(({ id, key }) => [id, key])) };
}

/**
 * The keyring of an installation: from the given text, else from `<home>/secret.key`, which is created (mode 600) if it
 * is missing. Several processes may call this at once; all get the same key.
 */
export async function loadKeyring(input: { secretKey?: string; home: string }): Promise<Keyring> {
  if (input.secretKey) return parseKeyring(input.secretKey);
  const path = join(input.home, 'secret.key');
  const found = await readFile(path, 'utf8').catch(absent);
  if (found !== null) return parseKeyring(found);
  await mkdir(input.home, { recursive: true });
  // Written to another file and linked, so that the name appears with its whole content, and the first writer wins.
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return parseKeyring(await readFile(path, 'utf8'));
}

/** A key for a purpose other than wrapping, derived from the given key (HKDF-SHA-256, RFC 5869). */
export function deriveKey(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
