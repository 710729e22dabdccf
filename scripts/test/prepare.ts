/** Gets what the e2e tests need and a machine may lack. What cannot be had is said; its tests are then skipped by name. */
import { temporalCli } from '../../embedded/temporal/cli.ts';
import { serverPrograms } from '../testing/temporal/server.ts';
import { timeSkippingServer } from '../testing/temporal/time-skipping.ts';

/** @returns one line for each thing that could not be had */
export async function prepareServers(): Promise<string[]> {
  const missing: string[] = [];
  const attempt = async (what: string, get: () => Promise<unknown>) => {
    try {
      await get();
    } catch (error) {
      missing.push(`${what}: ${(error as Error).message}`);
    }
  };
  // One after the other: each build takes all cores there are.
  await attempt('Temporal', () => temporalCli());
  await attempt('Temporal server on Postgres', () => serverPrograms());
  await attempt('Time-skipping server', () => timeSkippingServer());
  return missing;
}
