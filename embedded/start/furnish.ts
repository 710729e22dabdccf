import {
  type Keyring,
  listConnections,
  openDatabase,
  putConnection,
  setVariable,
  withWorkspace,
} from '../../db/index.ts';
import { PLAY_CHAIN, PLAY_WALLETS } from '../chain/play-money.ts';
import { feedsAt } from './feeds-at.ts';
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
  const mail = { host: '127.0.0.1', port: world.mailPort, secure: false, from: 'blok@example.com' };
  try {
    await withWorkspace(database, env.BLOK_WORKSPACE, async (tx) => {
      const put = (name: string, type: string, data: Record<string, unknown>) =>
        putConnection(tx, { name, type, data, hosts: [], keyring });
      await put('playground-mail', 'smtp', mail);
      await put('playground-ai', 'openai', { baseUrl: `${world.url}/openai/v1` });
      await put('playground-prices', 'price-feeds', feedsAt(world.url));
      await setVariable(tx, { name: 'world', value: world.url });
      if (world.chain.length === 0) return;
      await put(PLAY_CHAIN, 'solana-rpc', { urls: world.chain, cluster: 'custom' });
      const known = new Set((await listConnections(tx)).map(({ name }) => name));
      for (const { name, secretKey, policy } of PLAY_WALLETS) {
        // Somebody may have changed its policy to see what happens.
        if (known.has(name)) continue;
        await put(name, 'solana-wallet', { rpc: PLAY_CHAIN, cluster: 'custom', secretKey, policy });
      }
    });
  } finally {
    await database.close();
  }
}
