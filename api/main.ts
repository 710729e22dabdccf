import { loadKeyring } from '../db/index.ts';
import { loadOwnNodes } from '../integrations/own-nodes/load.ts';
import { runMain, telemetryOf } from '../settings/environment.ts';
import { surviveUncaught } from '../settings/uncaught.ts';
import { createLog } from '../telemetry/log.ts';
import { openTelemetry } from '../telemetry/open.ts';
import { type ApiEnvironment, configOf, readEnvironment } from './config.ts';
import { startApi } from './serve.ts';

/** What logs and traces call this process. */
const SERVICE = 'blok-api';

/** The API as a process of its own. */
async function main(env: ApiEnvironment): Promise<void> {
  const telemetry = await openTelemetry(telemetryOf(env, SERVICE));
  const log = createLog({ service: SERVICE, level: env.BLOK_LOG_LEVEL, tracing: telemetry.tracing });
  surviveUncaught(log);
  await loadOwnNodes(env.BLOK_NODES);
  const keyring = await loadKeyring({ home: env.BLOK_HOME, secretKey: env.BLOK_SECRET_KEY });
  const api = await startApi({ ...configOf(env), keyring, log, telemetry });
  log.info({ url: api.url }, 'listening');
  const stop = () =>
    void api
      .close()
      .then(telemetry.close)
      .then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

await runMain('The API', readEnvironment, main);
