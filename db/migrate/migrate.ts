import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';

/** An arbitrary number, the same in all processes. The process that holds the lock migrates, the others wait. */
const MIGRATION_LOCK = 6_205_071;

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));

/**
 * Brings the database's tables up to date. Safe to call from several processes at once and again at every start:
 * an advisory lock lets one process work at a time, and no migration is applied twice.
 *
 * @param owner the role that migrates and owns what is made; default: the one of the address
 * @throws if Postgres is unreachable, or if row-level security would not bind the user who runs the queries.
 */
export async function migrate(databaseUrl: string, owner?: string): Promise<void> {
  // One connection: the lock belongs to the session that took it.
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 10_000,
    ...(owner ? { options: `-c role=${owner}` } : {}),
  });
  client.on('error', () => {}); // Whoever waits for an answer is told.
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS });
    await requireIsolation(client);
  } finally {
    // Ending the session frees the lock.
    await client.end();
  }
}

/** Refuses to go on where tenants would see each other's rows. */
async function requireIsolation(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string; member: boolean | null; unbound: boolean }>(`
    select current_user as name, rolsuper or rolbypassrls as unbound,
      pg_has_role(current_user, to_regrole('blok_app')::oid, 'member') as member
    from pg_roles where rolname = current_user`);
  const [user] = rows;
  if (!user) return;
  if (user.member === false) {
    throw new Error(
      `The database user "${user.name}" is not a member of the role blok_app, which the queries of a workspace run as. ` +
        `Ask an administrator to run: GRANT blok_app TO "${user.name}";`,
    );
  }
  if (user.member === null && user.unbound) {
    throw new Error(
      `The database user "${user.name}" bypasses row-level security and may not create the role blok_app. ` +
        'Ask an administrator to run: CREATE ROLE blok_app NOLOGIN; then migrate again, or use an ordinary user.',
    );
  }
}
