import type { Received, Reply } from '../../../testing/fake-provider/message.ts';
import { type FakeProvider, fakeProvider } from '../../../testing/fake-provider/provider.ts';
import { fromBase58 } from '../../notation/base58.ts';
import { type PlantedKey, plantedKey } from './planted.ts';

/** What the transit engine keeps. */
export interface VaultState {
  /** The versions of the key, the oldest first. */
  readonly versions: PlantedKey[];
  type: string;
  derived: boolean;
  /** Versions below this one do not sign. */
  minVersion: number;
  signer: PlantedKey | null;
}

export const VAULT = { key: 'payer', token: 'hvs.vault-token-7Qm2', namespace: 'team/a' };

/** Starts Vault: the transit engine at `transit/`, by tokens, in a namespace. */
export const startVault = (key = plantedKey()): Promise<FakeProvider<VaultState>> =>
  fakeProvider<VaultState>({
    state: () => ({ versions: [key], type: 'ed25519', derived: false, minVersion: 1, signer: null }),
    authorize: ({ headers }) =>
      headers['x-vault-token'] === VAULT.token && headers['x-vault-namespace'] === VAULT.namespace
        ? null
        : problem(403, 'permission denied'),
    routes: {
      'GET /v1/transit/keys/:key': shown,
      'POST /v1/transit/sign/:key': signed,
    },
  });

/** An error as Vault writes it. */
export const problem = (status: number, ...errors: string[]): Reply => ({ status, body: { errors } });

function shown({ params }: Received, { versions, type, derived, minVersion }: VaultState): Reply {
  if (params.key !== VAULT.key) return problem(404);
  const keys = versions.map(({ address }, index) => [
    index + 1,
    {
      name: 'ed25519',
      public_key: Buffer.from(fromBase58(address)!).toString('base64'),
      creation_time: '2026-11-01T00:00:00Z',
    },
  ]);
  const data = { type, derived, latest_version: versions.length, keys: Object.fromEntries(keys) };
  return { body: { request_id: 'r', data: { ...data, min_encryption_version: minVersion, exportable: false } } };
}

function signed({ params, body }: Received, { versions, type, minVersion, signer }: VaultState): Reply {
  if (params.key !== VAULT.key) return problem(400, 'signing key not found');
  if (type !== 'ed25519') return problem(400, `key type ${type} does not support signing`);
  const { input, key_version: version = versions.length } = body as { input: string; key_version?: number };
  if (version < minVersion) return problem(400, 'cannot sign with a version below min_encryption_version');
  const key = signer ?? versions[version - 1];
  if (!key) return problem(400, 'the key has no such version');
  const made = key.sign(Buffer.from(input, 'base64')).toString('base64');
  return { body: { request_id: 'r', data: { signature: `vault:v${version}:${made}`, key_version: version } } };
}
