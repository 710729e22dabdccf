/** The store is the workspace's own database: try for as long as a restart of the database takes. */
export const kvPolicy = {
  timeout: '5m',
  retry: { maxAttempts: 12, delay: '200ms', factor: 2, maxDelay: '20s', attemptTimeout: '10s' },
} as const;
