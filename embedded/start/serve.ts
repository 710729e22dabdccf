/** API and worker in one process, with the playground: what `npm start` supervises. */
import { type ApiEnvironment, configOf, readEnvironment as readApi } from '../../api/config.ts';
import { createEndings } from '../../api/endings.ts';
import { startApi } from '../../api/serve.ts';
import { createBus } from '../../bus/index.ts';
import { loadKeyring } from '../../db/index.ts';
import { runMain, telemetryOf, temporalOf } from '../../settings/environment.ts';
import { surviveUncaught } from '../../settings/uncaught.ts';
import { createLog } from '../../telemetry/log.ts';
import { openTelemetry } from '../../telemetry/open.ts';
import { optionsOf, readEnvironment as readWorker, type WorkerEnvironment } from '../../worker/config.ts';
import { connectTemporal } from '../../worker/connect.ts';
import { beginWorkerProcess } from '../../worker/own-process.ts';
import { startWorker } from '../../worker/run.ts';
import { furnish } from './furnish.ts';
import { openOutsideWorld } from './outside-world.ts';

async function main({ api, worker: settings }: { api: ApiEnvironment; worker: WorkerEnvironment }): Promise<void> {
  const telemetry = await openTelemetry(telemetryOf(api, 'blok'));
  await beginWorkerProcess(settings, telemetry);
  const log = createLog({ level: api.BLOK_LOG_LEVEL, tracing: telemetry.tracing });
  surviveUncaught(log);
  const keyring = await loadKeyring({ home: api.BLOK_HOME, secretKey: api.BLOK_SECRET_KEY });
  const world = await openOutsideWorld(process.env, api.BLOK_HOME);
  await furnish({ env: api, keyring, world });
  const connection = await connectTemporal(temporalOf(settings));
  const endings = createEndings();
  // No other process works on the database of an embedded Postgres.
  const isAlone = process.env.BLOK_ALONE === 'true' && api.REDIS_URL === undefined;
  const shared = isAlone ? { bus: createBus() } : {};
  const allowHosts = [...settings.BLOK_ALLOW_HOSTS, ...world.allowHosts];
  const worker = await startWorker({
    ...optionsOf(settings),
    connection,
    keyring,
    allowHosts,
    log,
    endWatchers: endings,
    telemetry,
    ...shared,
  });
  const config = configOf(api);
  const server = await startApi({
    ...config,
    allowHosts,
    keyring,
    temporal: { ...config.temporal, shared: connection },
    log,
    endings,
    telemetry,
    ...shared,
  });
  const stop = async (): Promise<void> => {
    await server.close();
    await worker.stop();
    await world.close();
    await telemetry.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  // When the supervisor has ended, for whatever reason, this process ends, too.
  process.once('disconnect', () => process.exit(0));
  await worker.ended;
}

const read = (env: NodeJS.ProcessEnv) => ({ api: readApi(env), worker: readWorker(env) });

await runMain('API and worker', read, main);
