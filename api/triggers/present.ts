import {
  type CountedOutcome,
  type countDeadLetters,
  type TriggerOutcome,
  type TriggerRow,
  triggerToken,
} from '../../db/index.ts';
import { nextTimes } from '../../graph/schedule/index.ts';
import { StartError } from '../../graph/start/index.ts';
import { mayUse, type Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import { declaredTrigger } from './setup/declared.ts';
import { scheduleOf, setUpWith } from './setup/schedule.ts';
import { Refused } from './setup/types.ts';

/** How many of the next times are shown. */
const NEXT_TIMES = 5;

/** Where requests for a trigger arrive, by type. */
const ADDRESSES: Readonly<Record<string, string>> = { webhook: 'hooks', form: 'forms' };

/** How often each outcome happened, and how much could not be read, by trigger. */
export type Counts = ReadonlyMap<string, ReadonlyMap<TriggerOutcome | 'unread', number>>;

const nameOf = (workflow: string, trigger: string): string => `${workflow}/${trigger}`;

/** Counts in the form in which many triggers are shown quickly. */
export function countsOf(
  counted: readonly CountedOutcome[],
  unread: Awaited<ReturnType<typeof countDeadLetters>>,
): Counts {
  const counts = new Map<string, Map<TriggerOutcome | 'unread', number>>();
  const all = [...counted, ...unread.map((one) => ({ ...one, outcome: 'unread' as const }))];
  for (const { workflow, trigger, outcome, count } of all) {
    const name = nameOf(workflow, trigger);
    counts.set(name, (counts.get(name) ?? new Map()).set(outcome, count));
  }
  return counts;
}

/**
 * A trigger as the API shows it.
 *
 * @param how.withAddress whoever asks may see where its requests arrive
 */
export async function presentTrigger(
  ctx: Context,
  row: TriggerRow,
  { counts, withAddress }: { counts: Counts; withAddress: boolean },
) {
  const { workflow, id, uses, version, enabled, workflowActive, state, reason, note, lastFiredAt } = row;
  const own = counts.get(nameOf(workflow, id));
  const count = (outcome: TriggerOutcome | 'unread'): number => own?.get(outcome) ?? 0;
  return {
    ...{ workflow, id, uses, version, enabled, workflowActive, state, reason, note, lastFiredAt },
    lastError: row.lastError === null ? null : { message: row.lastError, at: row.lastErrorAt },
    nextTimes: await nextTimesOf(ctx, row),
    address: withAddress ? await addressOf(ctx, row) : null,
    deadLetters: count('unread'),
    last24Hours: {
      seen: count('seen'),
      started: count('started'),
      held: count('held'),
      declined: count('declined'),
      refused: count('refused'),
      duplicate: count('duplicate'),
      dropped: count('dropped'),
    },
  };
}

async function nextTimesOf(ctx: Context, row: TriggerRow): Promise<string[]> {
  if (row.uses !== 'schedule' || !row.enabled || !row.workflowActive) return [];
  try {
    const { times } = scheduleOf(setUpWith(row) ?? (await declaredTrigger(ctx, row)).with);
    return nextTimes(times, { from: Date.now() + 1, count: NEXT_TIMES }).map((at) => new Date(at).toISOString());
  } catch (error) {
    // The trigger's reason says what is wrong with it.
    if (error instanceof Refused || error instanceof StartError) return [];
    throw error;
  }
}

/** Whether somebody may see addresses of triggers, which are secrets: whoever has one can fire the trigger. */
export const maySeeAddress = (principal: Principal): boolean =>
  mayUse(principal, { permission: 'trigger:address', of: 'trigger' });

/** Where requests for a trigger arrive; null if it has no address. */
export async function addressOf(ctx: Context, { tokenKey, ...row }: TriggerRow): Promise<string | null> {
  const path = ADDRESSES[row.uses];
  if (path === undefined || tokenKey === null) return null;
  const token = await ctx.tenant((tx) => triggerToken(tx, ctx.keyring, { ...row, tokenKey }));
  return `${ctx.publicUrl}/${path}/${token}`;
}
