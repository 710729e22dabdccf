import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startApi } from '../../api/serve.ts';
import { migrate, parseKeyring } from '../../db/index.ts';
import { ensureDatabase, startPostgres } from '../../embedded/postgres/server.ts';
import { freePorts } from '../../embedded/process/ports.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { createLog } from '../../telemetry/log.ts';

/** The API on Postgres as `npm start` runs it, and without a Temporal, which would say that it knows none of the runs. */
export async function startApiAlone(fill: (databaseUrl: string) => Promise<void>): Promise<{
  readonly url: string;
  readonly databaseUrl: string;
  readonly stop: () => Promise<void>;
}> {
  const folder = temporaryFolder('bench-history');
  const [port, nobody] = (await freePorts(2)) as [number, number];
  const postgres = await startPostgres({
    folder: join(folder.path, 'postgres'),
    port,
    logFile: join(folder.path, 'postgres.log'),
  });
  const stop = async () => {
    await postgres.process.stop();
    folder.remove();
  };
  try {
    await ensureDatabase(postgres, 'bench');
    const databaseUrl = postgres.url('bench');
    await migrate(databaseUrl);
    await fill(databaseUrl);
    const api = await startApi({
      ...{ databaseUrl, keyring: parseKeyring(randomBytes(32).toString('base64')), port: 0 },
      temporal: { address: `127.0.0.1:${nobody}`, namespace: 'default' },
      log: createLog({ level: 'silent' }),
    });
    return { url: api.url, databaseUrl, stop: () => api.close().then(stop) };
  } catch (error) {
    await stop();
    throw error;
  }
}
