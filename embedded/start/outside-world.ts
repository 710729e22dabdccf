import { join } from 'node:path';
import { servePlayground } from '../../playground/serve.ts';

/** The outside world of the examples: a playground of this process, or one that outlives this process. */
export interface OutsideWorld {
  /** Base address of its endpoints. */
  readonly url: string;
  readonly mailPort: number;
  /** JSON-RPC addresses of its chain; empty: there is none. */
  readonly chain: readonly string[];
  /** What nodes may reach of it, for the list of private hosts they may call. */
  readonly allowHosts: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens the playground at PLAYGROUND_URL and PLAYGROUND_SMTP_PORT (docs/playground.md), or serves one at PLAYGROUND_PORT. Its
 * chain, if there is one, is at PLAYGROUND_CHAIN_URL.
 */
export async function openOutsideWorld(env: NodeJS.ProcessEnv, home: string): Promise<OutsideWorld> {
  const { PLAYGROUND_URL, PLAYGROUND_SMTP_PORT, PLAYGROUND_PORT, PLAYGROUND_CHAIN_URL } = env;
  const chain = PLAYGROUND_CHAIN_URL ? PLAYGROUND_CHAIN_URL.split(',') : [];
  const world = PLAYGROUND_URL
    ? { url: PLAYGROUND_URL.replace(/\/+$/, ''), mailPort: Number(PLAYGROUND_SMTP_PORT), close: async () => undefined }
    : await servePlayground({ port: Number(PLAYGROUND_PORT), mailPort: 0, file: join(home, 'playground.jsonl') });
  const { host, port } = new URL(world.url);
  const names = [host, `127.0.0.1:${world.mailPort}`, ...(host.startsWith('127.0.0.1:') ? [`localhost:${port}`] : [])];
  return { ...world, chain, allowHosts: [...names, ...chain.map((each) => new URL(each).host)] };
}
