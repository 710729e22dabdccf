/** One Temporal dev server for all e2e files of a run, in memory. Its UI is on, for the tests that look at it. */
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePorts } from '../../embedded/process/ports.ts';
import { temporalCli } from '../../embedded/temporal/cli.ts';
import { startDevServer } from '../../embedded/temporal/dev-server.ts';
import { hiddenAddress } from '../../embedded/temporal/hidden-address.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Starts the server and tells the tests its addresses, or why there is none; the function returned stops it. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  let cli: string;
  try {
    cli = await temporalCli();
  } catch (error) {
    project.provide('temporal', { missing: (error as Error).message.split('\n')[0]! });
    console.error((error as Error).message);
    return undefined;
  }
  const folder = temporaryFolder('temporal');
  const [port, uiPort] = (await freePorts(2)) as [number, number];
  const ui = { port: uiPort, hidden: await hiddenAddress() };
  const server = await startDevServer({ cli, port, ui, logFile: join(folder.path, 'temporal.log') });
  project.provide('temporal', { address: server.address, uiUrl: `http://127.0.0.1:${uiPort}`, cli });
  return async () => {
    await server.process.stop();
    folder.remove();
  };
}

declare module 'vitest' {
  export interface ProvidedContext {
    temporal: { address: string; uiUrl: string; cli: string } | { missing: string };
  }
}
