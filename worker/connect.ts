import { NativeConnection } from '@temporalio/worker';
import type { WorkerEnvironment } from './config.ts';

/** How long a server that is not there yet is waited for. */
const PATIENCE_MS = 60_000;

/** Connects to Temporal; waits for a server that is still starting. */
export async function connectTemporal(
  env: Pick<WorkerEnvironment, 'TEMPORAL_ADDRESS' | 'TEMPORAL_API_KEY' | 'TEMPORAL_TLS'>,
): Promise<NativeConnection> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await NativeConnection.connect({
        address: env.TEMPORAL_ADDRESS,
        ...(env.TEMPORAL_API_KEY ? { apiKey: env.TEMPORAL_API_KEY } : {}),
        ...(env.TEMPORAL_TLS === 'true' || env.TEMPORAL_API_KEY ? { tls: true } : {}),
      });
    } catch (error) {
      if (Date.now() > until)
        throw new Error(`Temporal at ${env.TEMPORAL_ADDRESS} does not answer: ${(error as Error).message}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
