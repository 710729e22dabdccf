import { doublePrecision, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, workspaceId } from './columns.ts';

/** How often a provider was called, by connection or channel (`pace/`). Times are milliseconds since 1970. */
export const pace = pgTable(
  'pace',
  {
    workspaceId: workspaceId(),
    key: text('key').notNull(),
    paidAt: doublePrecision('paid_at').notNull(),
    tailAt: doublePrecision('tail_at').notNull(),
    beganAt: doublePrecision('began_at').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.key] })],
);
