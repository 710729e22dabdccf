import { and, eq, gt, sql } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { crash } from '../schema/index.ts';

/** How often a run ended a thread or a process of a worker. */
export interface Crashes {
  readonly total: number;
  /** How many of them happened in a thread that held nothing else. */
  readonly alone: number;
}

/** Crashes that are further apart than this have nothing to do with each other. */
export const CRASHES_COUNT_FOR_MS = 3_600_000;

/** The moment since which crashes count, by the clock of the database, which all workers share. */
const counted = sql`now() - ${CRASHES_COUNT_FOR_MS} * interval '1 millisecond'`;

/** The crashes of a run within the last hour. */
export async function crashesOf(tx: Tenant, { workflowId }: { workflowId: string }): Promise<Crashes> {
  const [row] = await tx.db
    .select({ total: crash.total, alone: crash.alone })
    .from(crash)
    .where(and(eq(crash.workspaceId, tx.workspace), eq(crash.workflowId, workflowId), gt(crash.lastAt, counted)));
  return row ?? { total: 0, alone: 0 };
}

/** Counts a crash of a run. @returns all of them */
export async function addCrash(tx: Tenant, input: { workflowId: string; alone: boolean }): Promise<Crashes> {
  const alone = Number(input.alone);
  const sum = (column: typeof crash.total | typeof crash.alone, one: number) =>
    sql`case when ${crash.lastAt} > ${counted} then ${column} + ${one} else ${one} end`;
  const [row] = await tx.db
    .insert(crash)
    .values({ workspaceId: tx.workspace, workflowId: input.workflowId, total: 1, alone })
    .onConflictDoUpdate({
      target: [crash.workspaceId, crash.workflowId],
      set: { total: sum(crash.total, 1), alone: sum(crash.alone, alone), lastAt: sql`now()` },
    })
    .returning({ total: crash.total, alone: crash.alone });
  return row!;
}
