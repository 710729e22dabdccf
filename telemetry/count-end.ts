import type { Telemetry } from './open.ts';

/** Counts the end of a run, and how long it took. */
export function countEnd(
  telemetry: Telemetry | undefined,
  {
    status,
    startedAt,
    endedAt,
  }: { readonly status: string; readonly startedAt: string; readonly endedAt: string | null },
): void {
  const metrics = telemetry?.metrics;
  if (!metrics || endedAt === null) return;
  metrics.count('blok_runs_ended_total', { status });
  metrics.observe('blok_run_seconds', { status }, Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) / 1_000);
}
