import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { ChargedError, EndedEarly } from '../../models/charged.ts';
import type { CallCost, ModelUsage, PlannedCall, SpendingReservation } from '../../spending.ts';
import { wholeUsage } from '../prices/cost.ts';

/** What a call to a provider came to. */
export interface Made<T> {
  readonly result: T;
  /** Null if the provider does not report it: then the call counts as if it had used all that it could. */
  readonly usage: ModelUsage | null;
  /** Of the provider, or null. */
  readonly id: string | null;
}

/**
 * Makes a call within the budgets of the workspace: room is reserved before the call, and what the call used is counted
 * after it, even if it failed. Every call to a model goes through here.
 *
 * @throws NodeError `ai.budget` if there is no room; then nothing is sent. What `work` throws
 */
export async function charge<T>(
  ctx: NodeContext,
  planned: PlannedCall,
  work: (reservation: SpendingReservation | undefined) => Promise<Made<T>>,
): Promise<CallCost & { readonly result: T }> {
  const reservation = await ctx.spending?.reserve(planned);
  let made: Made<T>;
  try {
    made = await work(reservation);
  } catch (error) {
    if (reservation) await close(reservation, error);
    throw error instanceof EndedEarly ? error.reason : error;
  }
  const { result, id } = made;
  const usage = wholeUsage(made.usage ?? { ...planned.estimate, estimated: true });
  const counted = await reservation?.settle({ usage, id });
  return { result, usage, cost: counted?.cost ?? null };
}

/** Counts a call that failed: by what it used, not at all, or, if nobody knows, as if it had used everything. */
async function close(reservation: SpendingReservation, error: unknown): Promise<void> {
  if ((error instanceof ChargedError || error instanceof EndedEarly) && error.usage !== null)
    await reservation.settle({ usage: error.usage, id: error.id });
  else if (error instanceof NodeError && !(error instanceof ChargedError) && !error.unknown)
    await reservation.release();
  else await reservation.unknown();
}
