import { sql } from 'drizzle-orm';
import { until } from '../../embedded/process/wait.ts';
import type { Tenant, Within } from '../database.ts';

/**
 * Begins a second transaction while a first one has done its work and has not committed. The first one commits once the second
 * waits for it, or has ended without waiting.
 *
 * @param meanwhile looks at something while the second one waits
 * @returns what the second one returned, and whether it waited
 */
export async function whileHeld<T>(
  inside: Within,
  first: (tx: Tenant) => Promise<unknown>,
  second: () => Promise<T>,
  meanwhile: () => Promise<void> = async () => {},
): Promise<{ result: T; waited: boolean }> {
  let hasEnded = false;
  let waited = false;
  let other: Promise<T> | undefined;
  await inside(async (tx) => {
    await first(tx);
    other = second().finally(() => {
      hasEnded = true;
    });
    other.catch(() => undefined);
    const blocked = sql`select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))`;
    const probe = async (): Promise<boolean> => {
      waited = !hasEnded && (await tx.db.execute(blocked)).rows.length > 0;
      return waited || hasEnded;
    };
    await until(probe, { withinMs: 10_000, everyMs: 10 });
    await meanwhile();
  });
  return { result: await other!, waited };
}
