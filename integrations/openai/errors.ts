import type { FailureTable } from '../failures/failure-table.ts';

/** What answers of OpenAI, and of servers that speak its protocol, say about a call. */
export const errors: FailureTable = {
  provider: 'openai',
  codeAt: ['code', 'error.code', 'type', 'error.type'],
  messageAt: ['message', 'error.message', 'detail'],
  retryable: ['slow_down', 'server_is_overloaded', 'rate_limit_exceeded'],
  // An account without money, and limits that only a person raises: they are answered with 429, too.
  final: [
    'insufficient_quota',
    'credit_balance_exhausted',
    'billing_hard_limit_reached',
    'billing_not_active',
    'spend_limit_exceeded',
    'usage_limit_reached',
    'usage_limit_exceeded',
  ],
  waits: { headers: { 'x-ratelimit-reset-requests': 'duration', 'x-ratelimit-reset-tokens': 'duration' } },
};
