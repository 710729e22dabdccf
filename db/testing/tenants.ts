import { afterAll, beforeAll } from 'vitest';
import { migratedDatabase } from '../../scripts/testing/postgres.ts';
import { type Database, openDatabase, type Tenant, withWorkspace } from '../database.ts';
import { grantLogin } from '../migrate/roles.ts';

/**
 * A migrated database for the tests of one file, and a way into its workspaces: as a role that owns nothing, like API and
 * worker.
 */
export function useDatabase() {
  let opened: { url: string; database: Database; drop: () => Promise<void> } | undefined;
  beforeAll(async () => {
    const { url, drop } = await migratedDatabase();
    const login = new URL(url);
    login.username = `login_${login.pathname.slice(1)}`;
    await grantLogin(url, login.toString());
    opened = { url, database: openDatabase(login.toString(), { max: 4 }), drop };
  });
  afterAll(async () => {
    await opened?.database.close();
    await opened?.drop();
  });
  const get = () => {
    if (!opened) throw new Error('the database is open only while tests run');
    return opened;
  };
  return {
    url: () => get().url,
    database: () => get().database,
    /** Runs `fn` in a transaction of the workspace `a`, or the one named. */
    inside: <T>(fn: (tx: Tenant) => Promise<T>, workspace = 'a') => withWorkspace(get().database, workspace, fn),
  };
}
