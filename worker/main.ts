import { loadKeyring } from '../db/index.ts';
import { runMain, telemetryOf, temporalOf } from '../settings/environment.ts';
import { surviveUncaught } from '../settings/uncaught.ts';
import { createLog } from '../telemetry/log.ts';
import { openTelemetry } from '../telemetry/open.ts';
import { optionsOf, readEnvironment, type WorkerEnvironment } from './config.ts';
import { connectTemporal } from './connect.ts';
import { beginWorkerProcess } from './own-process.ts';
import { startWorker } from './run.ts';

/** What logs and traces call this process. */
const SERVICE = 'blok-worker';

/** A worker as a process of its own; any number of them share the work. */
async function main(env: WorkerEnvironment): Promise<void> {
  const telemetry = await openTelemetry(telemetryOf(env, SERVICE));
  const log = createLog({ service: SERVICE, level: env.BLOK_LOG_LEVEL, tracing: telemetry.tracing });
  surviveUncaught(log);
  await beginWorkerProcess(env, telemetry);
  const keyring = await loadKeyring({ home: env.BLOK_HOME, secretKey: env.BLOK_SECRET_KEY });
  const connection = await connectTemporal(temporalOf(env));
  const worker = await startWorker({ ...optionsOf(env), connection, keyring, log, telemetry });
  log.info({ temporal: env.TEMPORAL_ADDRESS }, 'worker is polling');
  const stop = (): void => void worker.stop();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await worker.ended;
  await connection.close();
  await telemetry.close();
  process.exit(0);
}

await runMain('The worker', readEnvironment, main);
