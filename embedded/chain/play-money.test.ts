import { expect, it } from 'vitest';
import { solanaWallet } from '../../integrations/solana/wallet/wallet-connection.ts';
import { PLAY_CHAIN, PLAY_WALLETS } from './play-money.ts';

it.each(PLAY_WALLETS)('$name is a wallet whose key belongs to its address', ({ address, secretKey, policy }) => {
  const data = solanaWallet.fields.parse({ rpc: PLAY_CHAIN, cluster: 'custom', secretKey, policy });
  expect(solanaWallet.shows?.(data)).toMatchObject({ address });
});
