import type { Tenant } from '../../database.ts';
import { DataError } from '../../error.ts';
import type { Keyring } from '../../secrets/keyring.ts';
import { getConnection, putConnection } from '../connections.ts';
import { once } from '../effects.ts';

/**
 * Stores the connection of a new wallet. A step does this once: repeated, it returns the address of the first time, so
 * that no key is ever replaced.
 *
 * @throws DataError `wallet.exists` if another connection has the name
 */
export function createWalletConnection(
  tx: Tenant,
  input: {
    readonly name: string;
    readonly address: string;
    readonly data: Record<string, unknown>;
    readonly shown: Readonly<Record<string, unknown>>;
    readonly keyring: Keyring;
    readonly idempotencyKey: string;
  },
): Promise<{ address: string }> {
  const { name, address, data, shown, keyring, idempotencyKey } = input;
  return once(tx, idempotencyKey, async () => {
    if (await getConnection(tx, { name }))
      throw new DataError('wallet.exists', `There is a connection "${name}" already. Choose another name.`);
    await putConnection(tx, { name, type: 'solana-wallet', data, shown, hosts: [], keyring });
    return { address };
  });
}
