import { sql } from 'drizzle-orm';

/**
 * Due now. Columns keep milliseconds, and Postgres rounds to them: `now()` itself would be up to half a millisecond away,
 * so that whoever looks at once finds nothing and looks again much later.
 */
export const dueNow = sql`date_trunc('milliseconds', now())`;
