import type { Tenant } from '../../database.ts';
import type { RateLimit } from '../../schema/index.ts';
import type { Keyring } from '../../secrets/keyring.ts';
import { seal, unseal } from '../../secrets/seal.ts';
import { openDataKey } from '../data-keys.ts';
import { altered, connectionRow, shownContextOf } from './connection-row.ts';

/** What may be shown of a connection, with what it is bound to. */
export interface ShownConnection {
  readonly name: string;
  readonly type: string;
  readonly hosts: readonly string[];
  readonly rateLimit: RateLimit | null;
  /** Null: its type shows nothing, or it was stored before Blok kept this apart. */
  readonly shown: Readonly<Record<string, unknown>> | null;
}

/** Seals what may be shown of a connection. It is no secret, but nobody without a key may change what others see. */
export function sealShown(
  key: Uint8Array,
  shown: Readonly<Record<string, unknown>> | undefined,
  { workspace, row }: { readonly workspace: string; readonly row: Parameters<typeof shownContextOf>[1] },
): { readonly shownNonce: Uint8Array | null; readonly shownCiphertext: Uint8Array | null } {
  if (shown === undefined) return { shownNonce: null, shownCiphertext: null };
  const { nonce, ciphertext } = seal(key, Buffer.from(JSON.stringify(shown)), shownContextOf(workspace, row));
  return { shownNonce: nonce, shownCiphertext: ciphertext };
}

/**
 * What may be shown of a connection. Its secret stays closed.
 *
 * @throws DataError `connection.notFound`; `connection.unreadable` (another secret key, or altered data)
 */
export async function openShown(
  tx: Tenant,
  input: { readonly name: string; readonly keyring: Keyring },
): Promise<ShownConnection> {
  const row = await connectionRow(tx, input.name);
  const { name, type, hosts, rateLimit, shownNonce: nonce, shownCiphertext: ciphertext } = row;
  const found = { name, type, hosts, rateLimit };
  if (nonce === null || ciphertext === null) return { ...found, shown: null };
  const key = await openDataKey(tx, input.keyring, row.dekVersion);
  try {
    const text = unseal(key, { nonce, ciphertext }, shownContextOf(tx.workspace, row)).toString();
    return { ...found, shown: JSON.parse(text) as Record<string, unknown> };
  } catch (cause) {
    throw altered(name, cause);
  }
}
