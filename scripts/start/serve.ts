/** API and worker in one process, with the playground: what `npm start` supervises. */
import { join } from 'node:path';
import type { Hono } from 'hono';
import { readEnvironment as readApi } from '../../api/config.ts';
import { createLog } from '../../api/http/log.ts';
import { startApi } from '../../api/serve.ts';
import { loadKeyring, openDatabase, putConnection, setVariable, withWorkspace } from '../../db/index.ts';
import { createPlayground, startMailSink } from '../../playground/index.ts';
import { readEnvironment as readWorker } from '../../worker/config.ts';
import { connectTemporal } from '../../worker/connect.ts';
import { startWorker } from '../../worker/run.ts';
import { installRuntime } from '../../worker/runtime.ts';

const api = readApi(process.env);
const settings = readWorker(process.env);
/** A playground in a process of its own (docs/playground.md): it outlives this one. */
const { PLAYGROUND_PORT, PLAYGROUND_SMTP_PORT } = process.env;

async function main(): Promise<void> {
  installRuntime();
  const log = createLog({ level: api.BLOK_LOG_LEVEL });
  const keyring = await loadKeyring({
    home: api.BLOK_HOME,
    ...(api.BLOK_SECRET_KEY && { secretKey: api.BLOK_SECRET_KEY }),
  });
  const playground = createPlayground({ file: join(api.BLOK_HOME, 'playground.jsonl') });
  const sink = await startMailSink({ port: 0, onMail: playground.receiveMail });
  const worldPort = Number(PLAYGROUND_PORT) || api.PORT;
  const mailPort = Number(PLAYGROUND_SMTP_PORT) || sink.port;
  const own = [`127.0.0.1:${worldPort}`, `localhost:${worldPort}`, `127.0.0.1:${mailPort}`];
  await furnish({ keyring, worldPort, mailPort });
  const connection = await connectTemporal(settings);
  const worker = await startWorker({
    connection,
    namespace: settings.TEMPORAL_NAMESPACE,
    databaseUrl: settings.DATABASE_URL,
    keyring,
    publicUrl: settings.BLOK_PUBLIC_URL,
    allowHosts: [...settings.BLOK_ALLOW_HOSTS, ...own],
    codeSandbox: settings.BLOK_CODE_SANDBOX,
    log,
    cacheFolder: join(api.BLOK_HOME, 'cache'),
  });
  const server = await startApi({
    databaseUrl: api.DATABASE_URL,
    keyring,
    temporal: { address: api.TEMPORAL_ADDRESS, namespace: api.TEMPORAL_NAMESPACE, shared: connection },
    host: api.HOST,
    port: api.PORT,
    workspace: api.BLOK_WORKSPACE,
    ...(api.BLOK_PUBLIC_URL && { publicUrl: api.BLOK_PUBLIC_URL }),
    ...(api.TEMPORAL_UI_URL && { temporalUiUrl: api.TEMPORAL_UI_URL }),
    log,
    extend: (app: Hono) => void app.route('/playground', playground.app),
  });
  const stop = async (): Promise<void> => {
    await server.close();
    await worker.stop();
    await sink.close();
    playground.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  // The supervisor is gone, however it went: so is what it started.
  process.once('disconnect', () => process.exit(0));
  await worker.ended;
}

/** Makes ready what examples name: the mail connection, and where the playground is. */
async function furnish(furniture: {
  keyring: Awaited<ReturnType<typeof loadKeyring>>;
  worldPort: number;
  mailPort: number;
}): Promise<void> {
  const { keyring, worldPort, mailPort } = furniture;
  const database = openDatabase(api.DATABASE_URL, { max: 1 });
  const data = { host: '127.0.0.1', port: mailPort, secure: false, from: 'blok@example.com' };
  try {
    await withWorkspace(database, api.BLOK_WORKSPACE, async (tx) => {
      await putConnection(tx, { name: 'playground-mail', type: 'smtp', data, hosts: [], keyring });
      await setVariable(tx, { name: 'world', value: `http://127.0.0.1:${worldPort}/playground` });
    });
  } finally {
    await database.close();
  }
}

main().catch((error: Error) => {
  console.error(`API and worker cannot start: ${error.message}`);
  process.exit(1);
});
