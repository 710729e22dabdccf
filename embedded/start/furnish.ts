import {
  type Keyring,
  listConnections,
  openDatabase,
  putConnection,
  setVariable,
  withWorkspace,
} from '../../db/index.ts';
import { chainConnection, walletConnections } from '../chain/play-money.ts';
import { playgroundConnections } from './connections.ts';
import type { OutsideWorld } from './outside-world.ts';

/**
 * Sets up what the examples refer to: the connections to the playground's mailbox, models, prices and chain, wallets with
 * play money, and the address of the playground.
 */
export async function furnish(furniture: {
  readonly env: { readonly DATABASE_URL: string; readonly BLOK_WORKSPACE: string };
  readonly keyring: Keyring;
  readonly world: OutsideWorld;
}): Promise<void> {
  const { env, keyring, world } = furniture;
  const database = openDatabase(env.DATABASE_URL, { max: 1 });
  try {
    await withWorkspace(database, env.BLOK_WORKSPACE, async (tx) => {
      const put = (connection: { name: string; type: string; data: Record<string, unknown> }) =>
        putConnection(tx, { ...connection, hosts: [], keyring });
      for (const connection of playgroundConnections(world)) await put(connection);
      await setVariable(tx, { name: 'world', value: world.url });
      if (world.chain.length === 0) return;
      await put(chainConnection(world.chain));
      const known = new Set((await listConnections(tx)).map(({ name }) => name));
      // Somebody may have changed the policy of a wallet to see what happens.
      for (const wallet of walletConnections) if (!known.has(wallet.name)) await put(wallet);
    });
  } finally {
    await database.close();
  }
}
