import type { OpenConnection } from '../../context.ts';
import type { Payments } from '../../payments.ts';
import { type BoundChain, bindChain } from '../chain/bind.ts';
import { openProvider } from '../chain/provider.ts';
import type { OpenWallet } from '../open.ts';
import { policy } from '../policy.ts';
import { heldKey } from '../wallet/key.ts';
import { newSecretKey, readKeypair } from '../wallet/keypair.ts';
import { createChain, type TestChain } from './chain.ts';
import { memoryPayments } from './memory-payments.ts';
import { startProvider, type TestProvider } from './provider.ts';
import { createSvm } from './svm.ts';

/** A wallet with much money, on a chain with providers. */
export interface Scene {
  readonly chain: TestChain;
  readonly providers: readonly TestProvider[];
  readonly secretKey: string;
  readonly address: string;
  /** The connections of a node: access to the chain, and the wallet, by the fields of its policy. */
  rpc(): OpenConnection;
  payer(given?: Record<string, unknown> | null): OpenConnection;
  /** The chain as a node sees it, now. */
  bound(): Promise<BoundChain>;
  /** The wallet with a policy, by its fields; null: it has none. */
  wallet(given?: Record<string, unknown> | null): Promise<OpenWallet>;
  close(): Promise<void>;
}

/** Allows a SOL at a time, to anybody, without a receipt. */
export const GENEROUS = {
  assets: [{ asset: 'SOL', perTransaction: '1', perDay: '1000', receiptFrom: '1000' }],
  recipients: 'any',
  costs: { perTransaction: '0.01', perDay: '10' },
};

/** The same, and each payment makes a receipt. */
export const WITH_RECEIPT = { ...GENEROUS, assets: [{ asset: 'SOL', perTransaction: '1', perDay: '1000' }] };

/** Sets a scene. */
export async function setScene({
  providers: count = 2,
  blocksPerLook = 4,
}: {
  providers?: number;
  blocksPerLook?: number;
} = {}): Promise<Scene> {
  const chain = createChain(await createSvm());
  const providers = await Promise.all(Array.from({ length: count }, () => startProvider(chain, { blocksPerLook })));
  const { secretKey, address } = newSecretKey();
  chain.svm.fund(address, 1_000_000_000_000n);
  const caller = {
    fetch: globalThis.fetch,
    signal: new AbortController().signal,
    excerpt: (text: string, length: number) => text.slice(0, length),
  };
  const bound = (): Promise<BoundChain> => {
    const [first, ...others] = providers.map(({ url }) => openProvider(caller, url));
    return bindChain({ providers: [first!, ...others] }, 'custom');
  };
  const rpc = (): OpenConnection => ({
    ...{ name: 'chain', type: 'solana-rpc', hosts: [] },
    data: { urls: providers.map(({ url }) => url), cluster: 'custom' },
  });
  return {
    ...{ chain, providers, secretKey, address, bound, rpc },
    payer: (given = GENEROUS) => ({
      ...{ name: 'payer', type: 'solana-wallet', hosts: [], linked: { rpc: rpc() } },
      data: { rpc: 'chain', cluster: 'custom', secretKey, ...(given && { policy: given }) },
    }),
    wallet: async (given = GENEROUS) => ({
      connection: 'payer',
      key: heldKey(readKeypair(secretKey)!),
      policy: given === null ? null : policy.parse(given),
      chain: await bound(),
      prices: null,
    }),
    close: async () => {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}

/** An address that nobody has used. */
export const somebody = (): string => newSecretKey().address;

/** A clock that runs as fast as the machine: a pause is a second of its time. */
export function fastClock(onPause: () => void = () => {}) {
  let seconds = 0;
  return {
    now: () => seconds * 1_000,
    pause: async () => {
      seconds += 1;
      onPause();
      await new Promise((resolve) => setImmediate(resolve));
    },
    patienceMs: 500_000,
    lingerMs: 60_000,
    companyMs: 60_000,
  };
}

/** The context of a step that pays. */
export const payingStep = (
  payments: Payments = memoryPayments(),
  step = 'pay',
  signal = new AbortController().signal,
) => ({
  workspace: 'a',
  idempotencyKey: `a/w/call/r/${step}`,
  payments,
  signal,
});

/** An order of SOL. */
export const orderOf = (recipient: string, amount = '0.5', payOnce: string | null = null) => ({
  recipient,
  asset: 'SOL',
  amount,
  payOnce,
  mostPriority: 0n,
});
