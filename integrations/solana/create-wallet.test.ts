import { expect, it } from 'vitest';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { solanaCreateWallet } from './create-wallet.ts';
import { memoryPayments } from './testing/memory-payments.ts';
import { readKeypair } from './wallet/keypair.ts';
import { solanaWallet } from './wallet/wallet-connection.ts';

it('stores a key that fits the type of the connection, pays nothing, and is shown nowhere', async () => {
  const stored: Record<string, unknown>[] = [];
  const payments = {
    ...memoryPayments(),
    createWallet: async ({ address, data }: { address: string; data: Record<string, unknown> }) => {
      stored.push(data);
      return { address };
    },
  };
  const made = await runNode(solanaCreateWallet, fakeContext({ payments }), {
    name: 'tips',
    rpc: 'chain',
    cluster: 'devnet',
  });
  const data = solanaWallet.fields.parse(stored[0]);
  expect(made).toEqual({ name: 'tips', address: readKeypair(data.secretKey!)!.address });
  expect(data.policy).toBeUndefined();
  expect(JSON.stringify(made)).not.toContain(data.secretKey);
});
