/** A provider with a rate limit, in a process of its own: whatever keeps a test busy must not make it see calls late. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the provider allows. It refuses a call if it has had `limit` of them within the last `perMs`. */
export interface Rules {
  readonly limit: number;
  readonly perMs: number;
  /** It refuses its first call, and all calls after that for so long. */
  readonly awayMs?: number;
}

/** When calls came that were taken, and calls that were refused, in milliseconds by the provider's clock. */
export interface Seen {
  readonly calls: readonly number[];
  readonly refusals: readonly number[];
}

export interface Provider {
  readonly url: string;
  /** Forgets what has come, and follows these rules from now on. */
  follow(rules: Rules): Promise<Seen>;
  seen(): Promise<Seen>;
  close(): void;
}

export async function startProvider(): Promise<Provider> {
  const child = fork(fileURLToPath(new URL('./provider-main.ts', import.meta.url)));
  const [url] = (await once(child, 'message')) as [string];
  const ask = async (given: Rules | 'told'): Promise<Seen> => {
    const answer = once(child, 'message') as Promise<[Seen]>;
    child.send(given);
    return (await answer)[0];
  };
  return { url, follow: ask, seen: () => ask('told'), close: () => child.disconnect() };
}
