/** Temporal: embedded or the user's own, ready for Blok. */

import { readTemporal } from '../../settings/environment.ts';
import { temporalServer } from '../supervisor/servers.ts';
import { temporalCli } from '../temporal/cli.ts';
import { prepareExternal } from '../temporal/external.ts';
import { hiddenAddress } from '../temporal/hidden-address.ts';
import { keep, type Starting } from './starting.ts';

/** A Temporal that is ready. */
export interface StartedTemporal {
  /** Environment variables that tell the API and the worker where Temporal is. */
  readonly settings: NodeJS.ProcessEnv;
  /** Addresses that only our own door uses. */
  readonly hidden: readonly string[];
}

/** Starts the embedded Temporal, or prepares the user's own. */
export async function startTemporal(starting: Starting): Promise<StartedTemporal> {
  const { config, home, env, aborted } = starting;
  const { temporal } = config;
  if ('address' in temporal) {
    const settings = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace };
    await prepareExternal(readTemporal({ ...env, ...settings }), {
      patienceMs: 10_000,
      say: starting.say,
      signal: aborted,
    });
    return { settings, hidden: [] };
  }
  const { port, uiPort, uiUrl } = temporal;
  const cli = await temporalCli({ env, signal: aborted });
  aborted.throwIfAborted();
  const hidden = await hiddenAddress();
  const ui = { port: uiPort, url: uiUrl, hidden };
  await keep(starting, 'Temporal', `127.0.0.1:${port}`, (signal) =>
    temporalServer(home, { cli, port, ui }, AbortSignal.any([signal, aborted])),
  );
  const address = `127.0.0.1:${port}`;
  return {
    settings: { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default', TEMPORAL_UI_URL: uiUrl },
    hidden: [`${hidden.host}:${hidden.port}`],
  };
}
