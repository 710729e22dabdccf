/** Where a run stands that waits for a turn. */
export interface Standing {
  /** How many turns count now. */
  readonly counted: number;
  /** How many runs go before this one. */
  readonly ahead: number;
  /** So many turns may count at any time. */
  readonly limit: number;
}

/** Whether the run may begin now. */
export const hasTurn = ({ counted, ahead, limit }: Standing): boolean => counted + ahead < limit;

/** Which of the turns that count, the oldest being 0, makes room for the run when it no longer counts. Negative: none has to. */
export const awaitedTurn = ({ counted, ahead, limit }: Standing): number => counted + (ahead % limit) - limit;

/**
 * When a run may begin, in epoch ms, provided that each run ahead begins as soon as it may.
 *
 * @param times.awaited when the turn was taken whose end makes room; undefined if none has to end
 */
export function turnTime(
  { ahead, limit }: Standing,
  { awaited, perMs, now }: { readonly awaited: number | undefined; readonly perMs: number; readonly now: number },
): number {
  const first = awaited === undefined ? now : Math.max(now, awaited + perMs);
  // The runs ahead fill whole stretches of time before this one.
  return first + Math.floor(ahead / limit) * perMs;
}
