import { loadKeyring } from '../db/index.ts';
import { type ApiEnvironment, readEnvironment } from './config.ts';
import { createLog } from './http/log.ts';
import { startApi } from './serve.ts';

/** The API as a process of its own. */
async function main(): Promise<void> {
  const env = environment();
  const log = createLog({ level: env.BLOK_LOG_LEVEL });
  const keyring = await loadKeyring({
    home: env.BLOK_HOME,
    ...(env.BLOK_SECRET_KEY && { secretKey: env.BLOK_SECRET_KEY }),
  });
  const api = await startApi({
    databaseUrl: env.DATABASE_URL,
    keyring,
    temporal: {
      address: env.TEMPORAL_ADDRESS,
      namespace: env.TEMPORAL_NAMESPACE,
      ...(env.TEMPORAL_API_KEY && { apiKey: env.TEMPORAL_API_KEY }),
      tls: env.TEMPORAL_TLS === 'true' || env.TEMPORAL_API_KEY !== undefined,
    },
    host: env.HOST,
    port: env.PORT,
    workspace: env.BLOK_WORKSPACE,
    ...(env.BLOK_PUBLIC_URL && { publicUrl: env.BLOK_PUBLIC_URL }),
    ...(env.TEMPORAL_UI_URL && { temporalUiUrl: env.TEMPORAL_UI_URL }),
    log,
  });
  log.info({ url: api.url }, 'listening');
  const stop = () => void api.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function environment(): ApiEnvironment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    console.error(`The API cannot start:\n${(error as Error).message}`);
    process.exit(2);
  }
}

main().catch((error: Error) => {
  console.error(`The API cannot start: ${error.message}`);
  process.exit(1);
});
