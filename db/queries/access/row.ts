import { and, eq } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { oauthGrant } from '../../schema/index.ts';
import type { Keyring } from '../../secrets/keyring.ts';
import { seal, unseal } from '../../secrets/seal.ts';
import { currentDataKey, openDataKey } from '../data-keys.ts';

/** The row of a connection's grant. */
export const grantIs = (tx: Tenant, connection: string) =>
  and(eq(oauthGrant.workspaceId, tx.workspace), eq(oauthGrant.connection, connection));

/** What is authenticated together with tokens: which connection they belong to, as it was when they were given. */
interface TokenPlace {
  readonly connection: string;
  readonly version: number;
  readonly binding: string;
}

const contextOf = (tx: Tenant, { connection, version, binding }: TokenPlace): string =>
  JSON.stringify(['blok grant v1', tx.workspace, connection, version, binding]);

/** Seals tokens for their row. */
export async function sealTokens(tx: Tenant, place: TokenPlace, tokens: object, keyring: Keyring) {
  const dek = await currentDataKey(tx, keyring);
  const plaintext = Buffer.from(JSON.stringify(tokens));
  const sealed = seal(dek.key, plaintext, contextOf(tx, place));
  plaintext.fill(0);
  return { dekVersion: dek.version, ...sealed };
}

/** Opens the tokens of a row; null if there are none, or if they belong to something else than the row says. */
export async function openTokens(
  tx: Tenant,
  row: typeof oauthGrant.$inferSelect,
  keyring: Keyring,
): Promise<Record<string, unknown> | null> {
  const { dekVersion, nonce, ciphertext } = row;
  if (dekVersion === null || nonce === null || ciphertext === null) return null;
  const key = await openDataKey(tx, keyring, dekVersion);
  try {
    const plaintext = unseal(key, { nonce, ciphertext }, contextOf(tx, row));
    const tokens = JSON.parse(plaintext.toString()) as Record<string, unknown>;
    plaintext.fill(0);
    return tokens;
  } catch {
    return null;
  }
}
