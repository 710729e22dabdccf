import type { StepRecord } from '../graph/run-state/state/types.ts';
import type { CliContext } from './context.ts';
import { runLines } from './print/run.ts';
import { elapsed } from './print/time.ts';
import { MARKS } from './print/tree.ts';
import { isWorthSaying, waitLines } from './print/waits.ts';
import type { Run } from './wire.ts';

/** Draws a run after each look: the whole tree on a terminal, else a line for each step that changed. */
export function watcher(ctx: CliContext): (run: Run) => void {
  const { screen } = ctx;
  if (screen) return (run) => screen.draw(runLines(run, ctx.now()));
  const seen = new Map<string, string>();
  const said = waitSayer(ctx);
  return (run) => {
    for (const step of run.steps) {
      if (seen.get(step.path) === step.status) continue;
      seen.set(step.path, step.status);
      ctx.err(stepLine(step, ctx.now()));
    }
    said(run);
  };
}

/** Prints each wait of a run once, with the command that answers it. */
export function waitSayer(ctx: CliContext): (run: Run) => void {
  const said = new Set<string>();
  return (run) => {
    for (const wait of run.waits) {
      const id = `${wait.kind} ${wait.step} ${wait.since}`;
      if (said.has(id) || !isWorthSaying(wait, ctx.now())) continue;
      said.add(id);
      for (const line of waitLines(run.id, wait)) ctx.err(line);
    }
  };
}

function stepLine(step: StepRecord, now: number): string {
  const time = step.endedAt ? `  ${elapsed(step.startedAt, step.endedAt, now)}` : '';
  const error = step.error ? `  ${step.error.code}: ${step.error.message}` : '';
  return `${MARKS[step.status]} ${step.path}  ${step.type}  ${step.status}${time}${error}`;
}
