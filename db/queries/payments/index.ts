export { abandonedPayments } from './abandoned.ts';
export {
  type Approval,
  type AskApproval,
  type AskedApproval,
  askApproval,
  askedApprovals,
  decideApproval,
  readApproval,
} from './approvals.ts';
export { endAttempt, keepAttempt, markSending } from './attempts.ts';
export { type BeginPayment, beginPayment, whyNoPayment } from './begin.ts';
export { createWalletConnection } from './create-wallet.ts';
export { type LimitInput, walletTotals } from './limits.ts';
export { hasPaidTo } from './recipients.ts';
export { readPayment } from './rows.ts';
export { resolvePayment, settlePayment } from './settle.ts';
export { type LedgerEntry, walletLedger } from './show.ts';
export { isSigning, noteSigning } from './signing.ts';
export { stopWallet, walletSwitch } from './wallets.ts';
