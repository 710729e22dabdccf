import type { FailureTable } from '../../failures/failure-table.ts';

/** What providers answer that is no success: codes of JSON-RPC, beside the statuses of HTTP. */
export const errors: FailureTable = {
  provider: 'solana',
  codeAt: [],
  messageAt: ['error.message', 'message'],
  retryable: ['408', '429', '503'],
};
