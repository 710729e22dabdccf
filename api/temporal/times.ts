/** A time or a duration in Temporal's protocol. */
type Amount = { readonly seconds?: unknown; readonly nanos?: number | null } | null | undefined;

/** In whole milliseconds; null if there is none. */
export const msOf = (amount: Amount): number | null =>
  amount == null ? null : Number(amount.seconds ?? 0) * 1_000 + Math.floor((amount.nanos ?? 0) / 1e6);

/** As an ISO time; null if there is none. */
export function isoOf(time: Amount): string | null {
  const ms = msOf(time);
  return ms === null ? null : new Date(ms).toISOString();
}
