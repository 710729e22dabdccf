import { and, eq, gt, sql } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { type TriggerOutcome, trigger, triggerCount } from '../schema/index.ts';

/** What became of something that reached a trigger, and how often. */
export interface CountedOutcome {
  readonly workflow: string;
  readonly trigger: string;
  readonly outcome: TriggerOutcome;
  readonly count: number;
}

/** Adds to the counts of the current hour, and notes the time if runs were started. */
export async function countOutcomes(tx: Tenant, outcomes: readonly CountedOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const hour = sql`date_trunc('hour', now())`;
  await tx.db
    .insert(triggerCount)
    .values(outcomes.map((one) => ({ workspaceId: tx.workspace, hour, ...one })))
    .onConflictDoUpdate({
      target: [
        triggerCount.workspaceId,
        triggerCount.workflow,
        triggerCount.trigger,
        triggerCount.hour,
        triggerCount.outcome,
      ],
      set: { count: sql`${triggerCount.count} + excluded.count` },
    });
  for (const one of outcomes.filter(({ outcome }) => outcome === 'started')) {
    await tx.db.update(trigger).set({ lastFiredAt: sql`now()` }).where(isTrigger(tx, one));
  }
}

/** Keeps the last error of a trigger: why something that reached it started no run. */
export async function noteTriggerError(
  tx: Tenant,
  input: { workflow: string; trigger: string; error: string },
): Promise<void> {
  await tx.db.update(trigger).set({ lastError: input.error, lastErrorAt: sql`now()` }).where(isTrigger(tx, input));
}

/** The counts of the last 24 hours, of one workflow's triggers or of all. */
export async function recentCounts(tx: Tenant, input: { workflow?: string } = {}): Promise<CountedOutcome[]> {
  return tx.db
    .select({
      workflow: triggerCount.workflow,
      trigger: triggerCount.trigger,
      outcome: triggerCount.outcome,
      count: sql<number>`sum(${triggerCount.count})::int`,
    })
    .from(triggerCount)
    .where(
      and(
        eq(triggerCount.workspaceId, tx.workspace),
        gt(triggerCount.hour, sql`now() - interval '24 hours'`),
        input.workflow === undefined ? undefined : eq(triggerCount.workflow, input.workflow),
      ),
    )
    .groupBy(triggerCount.workflow, triggerCount.trigger, triggerCount.outcome);
}

const isTrigger = (tx: Tenant, one: { workflow: string; trigger: string }) =>
  and(eq(trigger.workspaceId, tx.workspace), eq(trigger.workflow, one.workflow), eq(trigger.id, one.trigger));
