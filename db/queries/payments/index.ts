export { abandonedPayments } from './abandoned.ts';
export { endAttempt, keepAttempt, markSending } from './attempts.ts';
export { type BeginPayment, beginPayment } from './begin.ts';
export { createWalletConnection } from './create-wallet.ts';
export { type LimitInput, walletTotals } from './limits.ts';
export { readPayment } from './rows.ts';
export { resolvePayment, settlePayment } from './settle.ts';
export { type LedgerEntry, walletLedger } from './show.ts';
export { stopWallet, walletSwitch } from './wallets.ts';
