import type { Body, Query } from '../../api/client-types.ts';
import { bodyOf, type Send } from '../request.ts';

/** Which payments. */
export type PaymentQuery = Query<'GET /api/wallets/:name/payments'>;

/** The calls about wallets. All throw `CliError`. */
export function walletCalls(send: Send) {
  return {
    wallets: (query: Query<'GET /api/wallets'>) => bodyOf(send('GET /api/wallets', { query })),
    wallet: (name: string) => bodyOf(send('GET /api/wallets/:name', { params: { name } })),
    setPolicy: (name: string, policy: Body<'PUT /api/wallets/:name/policy'>['policy']) =>
      bodyOf(send('PUT /api/wallets/:name/policy', { params: { name }, body: { policy } })),
    stopWallet: (name: string, because?: string) =>
      bodyOf(send('POST /api/wallets/:name/stop', { params: { name }, body: { because } })),
    startWallet: (name: string) => bodyOf(send('POST /api/wallets/:name/start', { params: { name } })),
    payments: (name: string, query: PaymentQuery) =>
      bodyOf(send('GET /api/wallets/:name/payments', { params: { name }, query })),
    walletApprovals: (name: string, query: Query<'GET /api/wallets/:name/approvals'>) =>
      bodyOf(send('GET /api/wallets/:name/approvals', { params: { name }, query })),
    approvePayment: (name: string, payment: string, body: Body<'POST /api/wallets/:name/payments/:payment/approve'>) =>
      bodyOf(send('POST /api/wallets/:name/payments/:payment/approve', { params: { name, payment }, body })),
    declinePayment: (name: string, payment: string, body: Body<'POST /api/wallets/:name/payments/:payment/decline'>) =>
      bodyOf(send('POST /api/wallets/:name/payments/:payment/decline', { params: { name, payment }, body })),
    decidePayment: (name: string, payment: string, body: Body<'POST /api/wallets/:name/payments/:payment/decide'>) =>
      bodyOf(send('POST /api/wallets/:name/payments/:payment/decide', { params: { name, payment }, body })),
  };
}
