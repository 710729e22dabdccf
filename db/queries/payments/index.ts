export { abandonedPayments } from './abandoned.ts';
export { endAttempt, keepAttempt, markSending, type NewAttempt } from './attempts.ts';
export { type BeginPayment, beginPayment } from './begin.ts';
export { createWalletConnection } from './create-wallet.ts';
export { type LimitInput, walletTotals } from './limits.ts';
export { type AttemptRow, type PaymentRow, readPayment } from './rows.ts';
export { resolvePayment, type SettlePayment, settlePayment } from './settle.ts';
export { type LedgerCursor, type LedgerEntry, walletLedger } from './show.ts';
export { stopWallet, type WalletSwitch, walletSwitch } from './wallets.ts';
