/** The store belongs to the workspace: try for as long as a restart of the store takes. */
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

/** Code and meaning of the error with which every file node refuses a bad path. */
export const pathErrors = {
  'file.path': 'The path is absolute, leaves the store (`..`), or holds a backslash or control character.',
} as const;
