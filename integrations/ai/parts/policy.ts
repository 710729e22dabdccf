import { modelPolicy } from '../policy.ts';

/**
 * What nodes promise that may make many calls. Each attempt goes on where the one before ended, so more of them, and longer
 * ones, are worth while.
 */
export const longTextPolicy = {
  ...modelPolicy,
  timeout: '12h',
  retry: { ...modelPolicy.retry, maxAttempts: 12, attemptTimeout: '1h' },
} as const;
