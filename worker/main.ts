import { join } from 'node:path';
import { pino } from 'pino';
import { loadKeyring } from '../db/index.ts';
import { readEnvironment, type WorkerEnvironment } from './config.ts';
import { connectTemporal } from './connect.ts';
import { startWorker } from './run.ts';
import { installRuntime } from './runtime.ts';

/** A worker as a process of its own; any number of them share the work. */
async function main(): Promise<void> {
  const env = environment();
  const log = pino({ level: env.BLOK_LOG_LEVEL });
  installRuntime();
  const keyring = await loadKeyring({
    home: env.BLOK_HOME,
    ...(env.BLOK_SECRET_KEY && { secretKey: env.BLOK_SECRET_KEY }),
  });
  const connection = await connectTemporal(env);
  const worker = await startWorker({
    connection,
    namespace: env.TEMPORAL_NAMESPACE,
    databaseUrl: env.DATABASE_URL,
    keyring,
    publicUrl: env.BLOK_PUBLIC_URL,
    allowHosts: env.BLOK_ALLOW_HOSTS,
    codeSandbox: env.BLOK_CODE_SANDBOX,
    log,
    cacheFolder: join(env.BLOK_HOME, 'cache'),
  });
  log.info({ temporal: env.TEMPORAL_ADDRESS }, 'worker is polling');
  const stop = (): void => void worker.stop();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await worker.ended;
  await connection.close();
  process.exit(0);
}

function environment(): WorkerEnvironment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    console.error(`The worker cannot start:\n${(error as Error).message}`);
    process.exit(2);
  }
}

main().catch((error: Error) => {
  console.error(`The worker cannot start: ${error.message}`);
  process.exit(1);
});
