/** The store is the workspace's own: try for as long as a restart of it takes. */
export const filePolicy = {
  timeout: '5m',
  retry: {
    maxAttempts: 12,
    delay: '200ms',
    factor: 2,
    maxDelay: '20s',
    attemptTimeout: '30s',
    giveUpOn: ['file.*'],
  },
} as const;

/** Code and meaning of what every file node may answer to a bad path. */
export const pathErrors = {
  'file.path': 'The path is absolute, leaves the store (`..`), or holds a backslash or control character.',
} as const;
