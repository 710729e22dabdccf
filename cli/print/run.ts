import type { RunError, RunStatus } from '../../graph/run-state/state/types.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../errors.ts';
import { hasEnded, type ShownRun } from '../wire.ts';
import { reasonLines } from './reason.ts';
import { elapsed } from './time.ts';
import { treeLines } from './tree.ts';
import { allWaitLines } from './waits.ts';

export const RUN_MARKS: Readonly<Record<RunStatus, string>> = {
  succeeded: '✔',
  failed: '✖',
  running: '●',
  waiting: '◷',
  paused: '‖',
  cancelled: '⊘',
  terminated: '⊘',
  'timed-out': '✖',
};

/** Exit code for a run in its present state: 1 if it ended and did not succeed, 0 otherwise. */
export const exitCodeOf = (run: { readonly status: RunStatus }): number =>
  run.status === 'succeeded' || !hasEnded(run) ? EXIT.ok : EXIT.failed;

/** `✔ order-process r7k… succeeded in 1.2 s` */
export function headline(run: ShownRun, now: number): string {
  const time = elapsed(run.startedAt, run.endedAt, now);
  const took = time === '' ? '' : hasEnded(run) ? ` in ${time}` : ` for ${time}`;
  return `${RUN_MARKS[run.status]} ${run.workflow} ${run.id} ${run.status}${took}`;
}

/** Why a run failed, and what could not be undone. */
export function errorLines(error: RunError | null): string[] {
  if (!error) return [];
  const where = error.step ? ` at ${error.step}` : '';
  const lines = [`  ${error.code}${where}: ${error.message}`];
  lines.push(...reasonLines(error.details).map((line) => `    ${line}`));
  if (error.unknown) lines.push('  It is not known whether this step took effect.');
  for (const undo of error.undo ?? []) {
    const cause = undo.error as { code?: string; message?: string } | null;
    lines.push(`  not undone: ${undo.step}: ${cause?.code ?? 'failed'} ${cause?.message ?? ''}`.trimEnd());
  }
  return lines;
}

/** Tree of steps under the headline, then the error and the waits. */
export function runLines(run: ShownRun, now: number): string[] {
  return [
    headline(run, now),
    ...treeLines(run.steps, now).map((line) => `  ${line}`),
    ...(run.moreSteps ? [`  … and more steps: GET /api/runs/${run.id}/steps`] : []),
    ...errorLines(run.error),
    ...(hasEnded(run) ? [] : allWaitLines(run.id, run.waits, now)),
  ];
}

/** A run as `--json` prints it. */
export function runJson(run: ShownRun): object {
  const { error } = run;
  return {
    id: run.id,
    workflow: run.workflow,
    version: run.version,
    status: run.status,
    output: run.output ?? null,
    error: error ?? null,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    ...(run.url === undefined ? {} : { url: run.url }),
    ...(run.temporalUrl ? { temporalUrl: run.temporalUrl } : {}),
    waits: run.waits,
    steps: run.steps,
    ...(run.moreSteps ? { moreSteps: true } : {}),
  };
}

/**
 * Prints the state of a run: its output on standard output, everything else on standard error, so that the output can
 * be piped. With `json`, the whole run on standard output. `drawn`: the screen already shows how the run ended.
 */
export function printRun(ctx: CliContext, run: ShownRun, json: boolean, drawn = false): number {
  if (json) {
    ctx.out(JSON.stringify(runJson(run), null, 2));
    return exitCodeOf(run);
  }
  if (!drawn) for (const line of [headline(run, ctx.now()), ...errorLines(run.error)]) ctx.err(line);
  if (run.status === 'succeeded') ctx.out(JSON.stringify(run.output ?? null, null, 2));
  return exitCodeOf(run);
}

/** Prints a run that was just asked to do something: its state, and `said` if the run had not already ended. */
export function printAsked(ctx: CliContext, run: ShownRun, json: boolean, said: string): number {
  if (json) ctx.out(JSON.stringify(runJson(run), null, 2));
  else {
    ctx.out(headline(run, ctx.now()));
    ctx.err(hasEnded(run) ? 'It has ended.' : said);
  }
  return EXIT.ok;
}
