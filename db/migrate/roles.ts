/**
 * Who may do what in the database. Tables belong to an owner, and migrations run as the owner. API and worker log in as
 * somebody else, who owns nothing and can only act as `blok_app`: read and write rows of one workspace at a time.
 */
import { Client, escapeIdentifier, escapeLiteral } from 'pg';

/** Owns the tables of an embedded database. Nobody can log in as this role. */
export const OWNER = 'blok_owner';

/** The role that the queries of a workspace run as; see the migration `tenancy`. */
const APP = 'blok_app';

/**
 * Prepares a database of our own server for its owner and for the role that API and worker log in as. May be called at
 * every start: what an earlier Blok has made changes its owner.
 * @param adminUrl address of the database, for the server's administrator
 * @param loginUrl the address that API and worker get; its role and password are made as it says
 */
export async function prepareRoles(adminUrl: string, loginUrl: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const role of [APP, OWNER]) await makeRole(client, role, 'NOLOGIN NOINHERIT');
    await client.query(`GRANT ${APP} TO ${OWNER} WITH ADMIN OPTION`);
    await client.query(handOver);
    await letServe(client, loginUrl);
    const database = escapeIdentifier(nameOf(client.database));
    await client.query(`ALTER DATABASE ${database} OWNER TO ${OWNER}`);
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${escapeIdentifier(userOf(loginUrl))}`);
    // Nobody logs in as this role, but without the right to connect it may not ask how large the database is.
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${APP}`);
    for (const name of [database, 'postgres', 'template1'])
      await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    await client.query(closeLargeObjects);
  });
}

/**
 * Lets the role of `loginUrl` serve the API and the worker on a migrated database: makes the role if it does not exist,
 * and lets it act as `blok_app`.
 * @param migrationUrl the address with which the database was migrated
 * @throws Error that says what an administrator has to run, if that user may not do this
 */
export async function grantLogin(migrationUrl: string, loginUrl: string): Promise<void> {
  await withClient(migrationUrl, async (client) => {
    const login = userOf(loginUrl);
    const { rows } = await client.query(
      `select from pg_roles where rolname = $1 and pg_has_role(oid, '${APP}', 'member')`,
      [login],
    );
    if (rows.length > 0) return;
    try {
      await letServe(client, loginUrl);
    } catch (error) {
      const name = escapeIdentifier(login);
      throw new Error(
        `The role ${name} of DATABASE_URL cannot be prepared: ${(error as Error).message}. Ask an administrator to run: ` +
          `CREATE ROLE ${name} LOGIN NOINHERIT PASSWORD '…'; GRANT ${APP} TO ${name};`,
      );
    }
  });
}

async function letServe(client: Client, loginUrl: string): Promise<void> {
  const login = userOf(loginUrl);
  const password = escapeLiteral(decodeURIComponent(new URL(loginUrl).password));
  await makeRole(client, login, 'LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE', `PASSWORD ${password}`);
  await client.query(`GRANT ${APP} TO ${escapeIdentifier(login)}`);
}

/** Makes a role, or gives an existing one these properties. */
async function makeRole(client: Client, role: string, ...properties: string[]): Promise<void> {
  const { rows } = await client.query('select from pg_roles where rolname = $1', [role]);
  const verb = rows.length === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE ${escapeIdentifier(role)} ${properties.join(' ')}`);
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // Whoever waits for an answer is told.
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

const userOf = (url: string): string => decodeURIComponent(new URL(url).username);
const nameOf = (database: string | undefined): string => database ?? 'postgres';

/** Gives the owner all that migrations have made: schemas, tables with their sequences and indexes, functions. */
const handOver = `
DO $$
DECLARE
  statement text;
BEGIN
  FOR statement IN
    SELECT format('ALTER SCHEMA %I OWNER TO ${OWNER}', nspname) FROM pg_namespace WHERE nspname IN ('public', 'drizzle')
    UNION ALL
    SELECT format('ALTER TABLE %s OWNER TO ${OWNER}', oid::regclass) FROM pg_class
      WHERE relkind IN ('r', 'p', 'v') AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'drizzle'))
    UNION ALL
    SELECT format('ALTER ROUTINE %s OWNER TO ${OWNER}', oid::regprocedure) FROM pg_proc
      WHERE pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'drizzle'))
  LOOP
    EXECUTE statement;
  END LOOP;
END $$`;

/** Every role may make large objects, and would own them. */
const closeLargeObjects =
  'REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC';
