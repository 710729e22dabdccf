import { expect, it } from 'vitest';
import { solanaWallet } from '../../integrations/solana/wallet/wallet-connection.ts';
import { PLAY_WALLETS, walletConnections } from './play-money.ts';

it.each(PLAY_WALLETS)('$name is a wallet whose key belongs to its address', ({ name, address }) => {
  const { data } = walletConnections.find((each) => each.name === name)!;
  expect(solanaWallet.shows?.(solanaWallet.fields.parse(data))).toMatchObject({ address });
});
