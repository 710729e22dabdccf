import { migrate } from './migrate.ts';
import { grantLogin } from './roles.ts';

const { DATABASE_URL, MIGRATION_DATABASE_URL } = process.env;
const url = MIGRATION_DATABASE_URL || DATABASE_URL;
if (!url) {
  console.error(
    'DATABASE_URL is not set. Example: DATABASE_URL=postgres://blok:secret@127.0.0.1:5432/blok npm run migrate',
  );
  process.exit(2);
}
try {
  await migrate(url);
  if (MIGRATION_DATABASE_URL && DATABASE_URL) await grantLogin(MIGRATION_DATABASE_URL, DATABASE_URL);
  console.log('The database is up to date.');
} catch (error) {
  console.error(`Could not migrate: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
