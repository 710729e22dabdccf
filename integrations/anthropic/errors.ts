import type { FailureTable } from '../failures/failure-table.ts';

/** What answers of Anthropic say about a call. */
export const errors: FailureTable = {
  provider: 'anthropic',
  codeAt: ['error.type', 'type'],
  messageAt: ['error.message', 'message'],
  retryable: ['rate_limit_error', 'overloaded_error'],
  final: ['billing_error', 'request_too_large', 'permission_error', 'authentication_error'],
  waits: {
    headers: {
      'anthropic-ratelimit-requests-reset': 'date',
      'anthropic-ratelimit-input-tokens-reset': 'date',
      'anthropic-ratelimit-output-tokens-reset': 'date',
    },
  },
};
