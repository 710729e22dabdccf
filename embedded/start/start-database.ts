/** The database: embedded or the user's own, brought up to date. */
import { postgresServer } from '../supervisor/servers.ts';
import { keep, type Starting } from './starting.ts';

/** @returns the address of the migrated database, for API and worker */
export async function startDatabase(starting: Starting): Promise<string> {
  const { postgres } = starting.config;
  const embedded = 'port' in postgres ? await startEmbedded(starting, postgres.port) : undefined;
  starting.aborted.throwIfAborted();
  const { migrate } = await import('../../db/migrate/migrate.ts');
  const { grantLogin, OWNER, prepareRoles } = await import('../../db/migrate/roles.ts');
  try {
    if (embedded) {
      await prepareRoles(embedded.adminUrl, embedded.url);
      await migrate(embedded.adminUrl, OWNER);
      return embedded.url;
    }
    const { url, migrationUrl = url } = postgres as Exclude<typeof postgres, { readonly port: number }>;
    await migrate(migrationUrl);
    if (migrationUrl !== url) await grantLogin(migrationUrl, url);
    return url;
  } catch (error) {
    const where = embedded ? '' : ' at DATABASE_URL';
    throw new Error(`The database${where} cannot be brought up to date: ${(error as Error).message}`);
  }
}

interface Addresses {
  readonly url: string;
  readonly adminUrl: string;
}

async function startEmbedded(starting: Starting, port: number): Promise<Addresses> {
  const { home, aborted } = starting;
  let addresses: Addresses | undefined;
  await keep(starting, 'Postgres', `127.0.0.1:${port}`, async (signal) => {
    const server = await postgresServer(home, port, AbortSignal.any([signal, aborted]));
    addresses = server;
    return server.process;
  });
  return addresses!;
}
