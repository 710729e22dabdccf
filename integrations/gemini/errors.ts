import type { FailureTable } from '../failures/failure-table.ts';

/** What answers of Gemini say about a call. */
export const errors: FailureTable = {
  provider: 'gemini',
  // The quota that is exhausted says more than "resource exhausted", which is also said of a rate limit.
  codeAt: ['error.status', 'error.details.[].violations.[].quotaId', 'error.details.[].reason'],
  messageAt: ['error.message'],
  retryable: ['RESOURCE_EXHAUSTED', 'UNAVAILABLE'],
  // Quotas of a day: waiting for minutes does not help.
  final: [
    '429 GenerateRequestsPerDayPerProjectPerModel',
    '429 GenerateRequestsPerDayPerProjectPerModel-FreeTier',
    '429 GenerateContentInputTokensPerModelPerDay',
    '429 GenerateContentInputTokensPerModelPerDay-FreeTier',
    'API_KEY_INVALID',
    'SPENDING_LIMIT_EXCEEDED',
  ],
  waits: { body: { 'error.details.[].retryDelay': 'duration' } },
};
