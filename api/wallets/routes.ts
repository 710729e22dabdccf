import { defineRoute } from '../http/route.ts';
import { decidePlan, listApprovals } from './approvals.ts';
import { changePolicy, decidePayment, switchWallet } from './change.ts';
import { getWalletWithBalances, listWallets } from './list.ts';
import { listPayments } from './payments.ts';
import * as wire from './schema.ts';

const READ = { permission: 'connection:list', of: 'connection' } as const;
const WRITE = { permission: 'connection:write', of: 'connection' } as const;
/** What a wallet may pay is decided by those who decide about budgets; whoever may change connections can stop it. */
const DECIDE = { permission: 'budget:write', of: 'connection' } as const;
const PATH = '/api/wallets/:name';
const shown = { 200: { description: 'The wallet.', schema: wire.wallet } };

export const walletRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/wallets',
    id: 'listWallets',
    access: READ,
    summary: 'Lists the wallets: what they hold, may pay, have set aside for open payments, and spent in 24 hours.',
    query: wire.walletsQuery,
    responses: { 200: { description: 'A page of them, by name.', schema: wire.walletList } },
    problems: [],
    handle: async (ctx, { query }) => ({ status: 200, body: await listWallets(ctx, query) }),
  }),
  defineRoute({
    method: 'get',
    path: PATH,
    id: 'getWallet',
    access: READ,
    summary: 'A wallet, without its key.',
    params: wire.walletParams,
    query: wire.walletQuery,
    responses: shown,
    problems: ['connection.notFound'],
    handle: async (ctx, { params, query }) => ({
      status: 200,
      body: await getWalletWithBalances(ctx, { ...params, ...query }),
    }),
  }),
  defineRoute({
    method: 'put',
    path: `${PATH}/policy`,
    id: 'putWalletPolicy',
    access: DECIDE,
    summary: 'Replaces the policy of a wallet. The key stays.',
    params: wire.walletParams,
    body: wire.policyBody,
    responses: shown,
    problems: ['connection.notFound', 'connection.invalid'],
    handle: async (ctx, { params, body, principal }) => ({
      status: 200,
      body: await changePolicy(ctx, { ...params, ...body, by: principal.id }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: `${PATH}/stop`,
    id: 'stopWallet',
    access: WRITE,
    summary: 'Stops a wallet: once this is answered, nothing is signed, and nothing is sent for the first time.',
    params: wire.walletParams,
    body: wire.stopBody,
    responses: shown,
    problems: ['connection.notFound'],
    handle: async (ctx, { params, body, principal }) => ({
      status: 200,
      body: await switchWallet(ctx, { ...params, ...body, stopped: true, by: principal.id }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: `${PATH}/start`,
    id: 'startWallet',
    access: DECIDE,
    summary: 'Lets a stopped wallet pay again.',
    params: wire.walletParams,
    responses: shown,
    problems: ['connection.notFound'],
    handle: async (ctx, { params, principal }) => ({
      status: 200,
      body: await switchWallet(ctx, { ...params, stopped: false, by: principal.id }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: `${PATH}/payments`,
    id: 'listPayments',
    access: READ,
    summary:
      'The ledger of a wallet, the newest payment first: what was signed for each, and what proves how it ended.',
    params: wire.walletParams,
    query: wire.paymentsQuery,
    responses: { 200: { description: 'A page of payments.', schema: wire.payments } },
    problems: ['connection.notFound'],
    handle: async (ctx, { params, query }) => ({ status: 200, body: await listPayments(ctx, { ...params, ...query }) }),
  }),
  defineRoute({
    method: 'post',
    path: `${PATH}/payments/:payment/decide`,
    id: 'decidePayment',
    access: DECIDE,
    summary: 'Decides about a payment of which Blok can prove neither that it was made nor that it was not.',
    params: wire.paymentParams,
    body: wire.decisionBody,
    responses: { 200: { description: 'It is decided.', schema: wire.decided } },
    problems: ['connection.notFound', 'payment.notWaiting'],
    handle: async (ctx, { params, body, principal }) => ({
      status: 200,
      body: await decidePayment(ctx, { ...params, ...body, by: principal.id }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: `${PATH}/approvals`,
    id: 'listWalletApprovals',
    access: READ,
    summary: 'Payments to new recipients that wait for a person, the oldest first.',
    params: wire.walletParams,
    query: wire.approvalsQuery,
    responses: { 200: { description: 'A page of them.', schema: wire.approvals } },
    problems: ['connection.notFound'],
    handle: async (ctx, { params, query }) => ({
      status: 200,
      body: await listApprovals(ctx, { ...params, ...query }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: `${PATH}/payments/:payment/approve`,
    id: 'approvePayment',
    access: DECIDE,
    summary: 'Approves one plan of a payment to a new recipient, for 24 hours. The step that waits then goes on.',
    params: wire.paymentParams,
    body: wire.planBody,
    responses: { 200: { description: 'It is decided.', schema: wire.planDecided } },
    problems: ['connection.notFound', 'payment.notWaiting'],
    handle: async (ctx, { params, body, principal }) => ({
      status: 200,
      body: await decidePlan(ctx, { ...params, ...body, isApproved: true, by: principal.id }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: `${PATH}/payments/:payment/decline`,
    id: 'declinePayment',
    access: DECIDE,
    summary: 'Declines a plan of a payment to a new recipient. The step that waits then fails.',
    params: wire.paymentParams,
    body: wire.planBody,
    responses: { 200: { description: 'It is decided.', schema: wire.planDecided } },
    problems: ['connection.notFound', 'payment.notWaiting'],
    handle: async (ctx, { params, body, principal }) => ({
      status: 200,
      body: await decidePlan(ctx, { ...params, ...body, isApproved: false, by: principal.id }),
    }),
  }),
] as const;
