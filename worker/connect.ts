import { NativeConnection } from '@temporalio/worker';

/** How long to wait for a server that is not there yet. */
const PATIENCE_MS = 60_000;

/** Connects to Temporal; waits for a server that is still starting. */
export async function connectTemporal(server: {
  address: string;
  apiKey?: string;
  tls?: boolean;
}): Promise<NativeConnection> {
  const { address, apiKey, tls } = server;
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await NativeConnection.connect({ address, ...(apiKey && { apiKey }), ...(tls && { tls }) });
    } catch (error) {
      if (Date.now() > until) throw new Error(`Temporal at ${address} does not answer: ${(error as Error).message}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
