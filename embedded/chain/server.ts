import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '../boot/node-flags.mjs';
import { type ServerProcess, type ServerSpec, startServerProcess } from '../process/server-process.ts';
import { until } from '../process/wait.ts';

/** What to start. */
export interface ChainOptions {
  /** Path of Surfpool: `surfpool()`. */
  readonly module: string;
  readonly port: number;
  readonly logFile: string;
  readonly onSpawn?: ServerSpec['onSpawn'];
  readonly signal?: AbortSignal;
}

/** How long a chain may take to make its first block. */
const READY_WITHIN_MS = 30_000;

/**
 * Starts a chain with play money. Resolves when it answers. It keeps nothing: each start is a new chain.
 *
 * @throws Error with the end of its log
 */
export async function startChainServer(options: ChainOptions): Promise<ServerProcess> {
  const { module, port, logFile, onSpawn, signal } = options;
  const server = await startServerProcess({
    name: 'Chain',
    file: process.execPath,
    args: [...NODE_FLAGS, fileURLToPath(new URL('./main.ts', import.meta.url))],
    env: { ...process.env, CHAIN_MODULE: module, CHAIN_PORT: String(port) },
    logFile,
    ipc: true,
    ...(onSpawn && { onSpawn }),
  });
  const ready = await until<string | true>(() => server.end() ?? isReady(port), {
    withinMs: READY_WITHIN_MS,
    everyMs: 50,
    ...(signal && { signal }),
  });
  if (ready === true) return server;
  await server.stop(1_000);
  throw new Error(`The playground's chain did not start. The end of ${logFile}:\n${server.tail()}`);
}

async function isReady(port: number): Promise<true | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getLatestBlockhash' }),
      signal: AbortSignal.timeout(2_000),
    });
    return 'result' in ((await response.json()) as object) ? true : undefined;
  } catch {
    return undefined;
  }
}
