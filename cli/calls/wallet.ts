import type { Json } from '../../graph/json.ts';
import type { Send } from '../request.ts';

/** A wallet, without its key. */
export interface Wallet {
  readonly name: string;
  readonly address: string;
  readonly cluster: string;
  readonly policy: Json;
  readonly stoppedAt: string | null;
  readonly stoppedBecause: string | null;
  readonly totals: readonly {
    readonly chain: string;
    readonly asset: string;
    readonly held: string;
    readonly spent: string;
  }[];
}

/** A page of a wallet's ledger. */
export interface PaymentPage {
  readonly items: readonly {
    readonly id: string;
    readonly state: string;
    readonly hasPaid: 'yes' | 'no' | 'unknown';
    readonly asset: string;
    readonly amount: string;
    readonly decimals: number;
    readonly recipient: string;
    readonly run: string;
    readonly step: string;
    readonly createdAt: string;
    readonly attempts: readonly {
      readonly no: number;
      readonly signature: string;
      readonly state: string;
      readonly proof: Json;
    }[];
  }[];
  readonly next: string | null;
}

/** Which payments. */
export interface PaymentQuery {
  readonly run?: string;
  readonly step?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** The calls about wallets. All throw `CliError`. */
export function walletCalls(send: Send) {
  const call = async <T>(method: string, path: string, content?: unknown): Promise<T> =>
    (await send<T>(method, `/wallets${path}`, content === undefined ? {} : { body: content })).body;
  const at = (name: string): string => `/${encodeURIComponent(name)}`;
  return {
    wallets: () => call<{ items: Wallet[] }>('GET', ''),
    wallet: (name: string) => call<Wallet>('GET', at(name)),
    setPolicy: (name: string, policy: Json) => call<Wallet>('PUT', `${at(name)}/policy`, { policy }),
    stopWallet: (name: string, because?: string) =>
      call<Wallet>('POST', `${at(name)}/stop`, because === undefined ? {} : { because }),
    startWallet: (name: string) => call<Wallet>('POST', `${at(name)}/start`),
    payments: async (name: string, query: PaymentQuery) =>
      (await send<PaymentPage>('GET', `/wallets${at(name)}/payments`, { query: { ...query } })).body,
    decidePayment: (name: string, payment: string, decision: { hasPaid: boolean; note: string }) =>
      call<{ id: string; state: string }>(
        'POST',
        `${at(name)}/payments/${encodeURIComponent(payment)}/decide`,
        decision,
      ),
  };
}
