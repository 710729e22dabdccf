/** Keeps bytes in the workspace's store. */
export type Store = (bytes: Buffer) => Promise<{ sha256: string; size: number }>;
