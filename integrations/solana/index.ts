import { defineProvider } from '../define.ts';
import { solanaAirdrop } from './airdrop.ts';
import { solanaBalance } from './balance.ts';
import { solanaCallProgram } from './call-program.ts';
import { solanaRpc } from './chain/rpc-connection.ts';
import { solanaCreateWallet } from './create-wallet.ts';
import { solanaEstimateFee } from './estimate-fee.ts';
import { solanaHistory } from './history.ts';
import { onAccount } from './on-account.ts';
import { onBalance } from './on-balance.ts';
import { onPrice } from './on-price.ts';
import { onProgramEvent } from './on-program-event.ts';
import { onTransaction } from './on-transaction.ts';
import { solanaPreviewCall } from './preview-call.ts';
import { solanaPreviewPayment } from './preview-payment.ts';
import { solanaPrice } from './price.ts';
import { priceFeeds } from './prices/connection.ts';
import { solanaSimulate } from './simulate.ts';
import { solanaStatus } from './status.ts';
import { solanaTransaction } from './transaction.ts';
import { solanaTransferSol } from './transfer-sol.ts';
import { solanaTransferToken } from './transfer-token.ts';
import { solanaVerifyMessage } from './verify-message.ts';
import { solanaWaitFor } from './wait-for.ts';
import { solanaWallet } from './wallet/wallet-connection.ts';

/** The Solana blockchain. */
export const solana = defineProvider({
  id: 'solana',
  title: 'Solana',
  icon: 'coins',
  nodes: [
    solanaTransferSol,
    solanaTransferToken,
    solanaCallProgram,
    solanaBalance,
    solanaTransaction,
    solanaHistory,
    solanaWaitFor,
    solanaStatus,
    solanaPrice,
    solanaEstimateFee,
    solanaPreviewPayment,
    solanaPreviewCall,
    solanaSimulate,
    solanaCreateWallet,
    solanaVerifyMessage,
    solanaAirdrop,
  ],
  triggers: [onTransaction, onAccount, onProgramEvent, onPrice, onBalance],
  connections: [solanaRpc, solanaWallet, priceFeeds],
});
