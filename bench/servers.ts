import { join } from 'node:path';
import { ensureDatabase, startPostgres } from '../embedded/postgres/server.ts';
import { freePorts } from '../embedded/process/ports.ts';
import { temporalCli } from '../embedded/temporal/cli.ts';
import { startDevServer } from '../embedded/temporal/dev-server.ts';
import type { DynamicConfig } from '../embedded/temporal/dynamic-config.ts';
import { temporaryFolder } from '../scripts/testing/temporary-folder.ts';

/** The servers of one benchmark: as `npm start` runs them, in a folder that is removed with them. */
export interface BenchServers {
  readonly address: string;
  readonly temporalPid: number;
  readonly postgresPid: number;
  /** Address of an empty database. */
  readonly databaseUrl: string;
  /** Makes another empty database on the same Postgres, and gives its address. */
  readonly makeDatabase: (name: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts Temporal and Postgres with the settings Blok ships. */
export async function startServers(options: { dynamicConfig?: DynamicConfig } = {}): Promise<BenchServers> {
  const folder = temporaryFolder('bench');
  const [temporalPort, postgresPort] = (await freePorts(2)) as [number, number];
  const temporal = await startDevServer({
    cli: await temporalCli(),
    port: temporalPort,
    databaseFile: join(folder.path, 'temporal.db'),
    logFile: join(folder.path, 'temporal.log'),
    ...options,
  });
  const database = await startPostgres({
    folder: join(folder.path, 'postgres'),
    port: postgresPort,
    logFile: join(folder.path, 'postgres.log'),
  });
  const makeDatabase = async (name: string): Promise<string> => {
    await ensureDatabase(database, name);
    return database.url(name);
  };
  return {
    address: temporal.address,
    temporalPid: temporal.process.pid,
    postgresPid: database.process.pid,
    databaseUrl: await makeDatabase('bench'),
    makeDatabase,
    stop: async () => {
      await Promise.all([temporal.process.stop(), database.process.stop()]);
      folder.remove();
    },
  };
}
