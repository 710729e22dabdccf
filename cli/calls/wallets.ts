import type { Body, Query } from '../../api/client-types.ts';
import { bodyOf, type Send } from '../request.ts';

/** Which payments. */
export type PaymentQuery = Query<'GET /api/wallets/:name/payments'>;

/** The calls about wallets. All throw `CliError`. */
export function walletCalls(send: Send) {
  return {
    wallets: () => bodyOf(send('GET /api/wallets')),
    wallet: (name: string) => bodyOf(send('GET /api/wallets/:name', { params: { name } })),
    setPolicy: (name: string, policy: Body<'PUT /api/wallets/:name/policy'>['policy']) =>
      bodyOf(send('PUT /api/wallets/:name/policy', { params: { name }, body: { policy } })),
    stopWallet: (name: string, because?: string) =>
      bodyOf(send('POST /api/wallets/:name/stop', { params: { name }, body: { because } })),
    startWallet: (name: string) => bodyOf(send('POST /api/wallets/:name/start', { params: { name } })),
    payments: (name: string, query: PaymentQuery) =>
      bodyOf(send('GET /api/wallets/:name/payments', { params: { name }, query })),
    decidePayment: (name: string, payment: string, body: Body<'POST /api/wallets/:name/payments/:payment/decide'>) =>
      bodyOf(send('POST /api/wallets/:name/payments/:payment/decide', { params: { name, payment }, body })),
  };
}
