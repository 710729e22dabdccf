/** Databases for tests (projects `integration` and `e2e`). */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';

/** A database for one test file. */
export interface TestDatabase {
  readonly url: string;
  /** Drops the database, even if somebody is still connected. */
  readonly drop: () => Promise<void>;
}

/**
 * Makes a database with Blok's tables on the shared embedded server: a copy, because the migrations take a second.
 * @example
 * const database = await migratedDatabase();
 * afterAll(() => database.drop());
 */
export const migratedDatabase = (): Promise<TestDatabase> => makeDatabase(`template ${inject('migratedDatabase')}`);

/** Makes an empty database on the shared embedded server. */
export const freshDatabase = (): Promise<TestDatabase> => makeDatabase();

async function makeDatabase(options = ''): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await run(server, `create database ${name} ${options}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: () => run(server, `drop database if exists ${name} with (force)`) };
}

async function run(url: string, statement: string) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
