import type { CliContext } from './context.ts';
import { CliError, EXIT } from './errors.ts';
import { hasEnded, type Run } from './wire.ts';

/** How to follow a run. */
export interface Follow {
  /** Called with the run after each look, the last one included. */
  readonly onLook: (run: Run) => void;
  /** Seconds that one look waits at the server for the run's end. */
  readonly lookSeconds: number;
  /** Milliseconds between two looks. */
  readonly pauseMs: number;
  /** Stop following (the run goes on) after this many milliseconds. */
  readonly limitMs?: number;
  /** Called when the server cannot be reached, once per outage. */
  readonly onLost?: (error: CliError) => void;
}

/** How long the server may be unavailable while a run is followed: time for a restart. */
const OUTAGE_MS = 10 * 60_000;
const OUTAGE_PAUSE_MS = 1000;

/**
 * Polls a run until it has ended, the limit is reached, or Ctrl-C is pressed. Returns the run as last seen.
 * If the server becomes unavailable in between, this waits for it: runs survive an outage, so should their watchers.
 */
export async function follow(ctx: CliContext, first: Run, options: Follow): Promise<Run> {
  const startedAt = ctx.now();
  const until = startedAt + (options.limitMs ?? Number.POSITIVE_INFINITY);
  let run = first;
  let lostAt: number | null = null;
  options.onLook(run);
  while (!hasEnded(run) && !ctx.interrupted.aborted && ctx.now() < until) {
    const left = Math.max(0, Math.ceil((until - ctx.now()) / 1000));
    try {
      run = await ctx.client.run(run.id, Math.min(options.lookSeconds, left), ctx.interrupted);
      lostAt = null;
      options.onLook(run);
      if (!hasEnded(run)) await ctx.sleep(options.pauseMs);
    } catch (error) {
      if (ctx.interrupted.aborted) break;
      if (!(error instanceof CliError) || error.exitCode !== EXIT.noServer) throw error;
      if (lostAt === null) options.onLost?.(error);
      lostAt ??= ctx.now();
      if (ctx.now() - lostAt > OUTAGE_MS) throw error;
      await ctx.sleep(OUTAGE_PAUSE_MS);
    }
  }
  return run;
}
