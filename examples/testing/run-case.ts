import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../cli/client.ts';
import { CliError, EXIT } from '../../cli/errors.ts';
import { hasEnded, type Run } from '../../cli/wire.ts';
import { type Case, fill } from './case.ts';
import { type Ended, runHere, runProcess } from './command-line.ts';
import { compareSeen, seenOf } from './seen.ts';

/** The Blok server that runs the examples, and the outside world they act on. */
export interface Place {
  /** Base URL of the API. */
  readonly api: string;
  /** Base URL of the playground, which `npm start` has made known to the runs: its own, or one that the test does not kill. */
  readonly world: string;
  /** Runs command lines inside this process instead of in new ones: the same code, without waiting for a process. */
  readonly inProcess?: boolean;
}

/** A case whose run has been started. */
export interface Started {
  /** The case with this run's id and word filled in. */
  readonly expected: Case;
  readonly id: string;
}

/** Prepares a case and starts its run, without waiting for it. */
export async function startCase(place: Place, one: Case): Promise<Started> {
  return startPrepared(place, await prepareCase(place, one), { limitMs: 0 });
}

/**
 * Starts the run of a prepared case, without waiting for it. While the server is unavailable, for at most `limitMs`,
 * the start is repeated with the same key, as a careful caller does.
 */
export async function startPrepared(place: Place, prepared: Case, { limitMs }: { limitMs: number }): Promise<Started> {
  const argv = ['run', ...prepared.run, '--no-wait', '--json', '--key', randomUUID()];
  const { out } = await mustRun(place, argv, Date.now() + limitMs);
  const { id } = JSON.parse(out) as Run;
  return { expected: fill(prepared, { RUN: id }), id };
}

/**
 * Answers the waits of the run, waits for its end, and returns the differences from the case: an empty list if there
 * are none. The server may become unavailable and come back in the meantime.
 */
export async function finishCase(place: Place, started: Started, options: FinishOptions) {
  const { expected, id } = started;
  const { killed = false, onWait } = options;
  const until = Date.now() + options.limitMs;
  for (const [index, { wait, mail, cli }] of (expected.during ?? []).entries()) {
    await lookUntil(place, id, until, ({ waits }) =>
      waits.some(({ step, kind }) => step === wait.step && kind === wait.kind),
    );
    await onWait?.(index);
    if (mail !== undefined) await untilMail(place, id, until, mail);
    await mustRun(place, cli, until);
  }
  const run = await lookUntil(place, id, until, hasEnded);
  const seen = await seenOf(place.world, id);
  return { run, seen, wrong: [...compareEnd(expected, run, killed), ...compareSeen(expected, seen, killed)] };
}

export interface FinishOptions {
  readonly limitMs: number;
  /** Something was killed in the meantime: calls may have been repeated, and rounds with them. */
  readonly killed?: boolean;
  /** Called when the wait with this index is there, before it is answered. */
  readonly onWait?: (index: number) => Promise<void>;
}

/** Runs a case as a person would, following it to its end; the exit code is compared, too. */
export async function runCase(place: Place, one: Case): Promise<string[]> {
  const prepared = await prepareCase(place, one);
  const { code, out, err } = await blok(place, ['run', ...prepared.run, '--json']);
  if (code !== EXIT.ok && code !== EXIT.failed) return [`exit code ${code}: ${out}${err}`];
  const run = JSON.parse(out) as Run;
  const expected = fill(prepared, { RUN: run.id });
  const wanted = expected.ends.status === 'succeeded' ? EXIT.ok : EXIT.failed;
  return [
    ...(code === wanted ? [] : [`exit code ${code}, not ${wanted}`]),
    ...compareEnd(expected, run),
    ...compareSeen(expected, await seenOf(place.world, run.id)),
  ];
}

/** Gives a case a new word and does the steps before its run. */
export async function prepareCase(place: Place, one: Case): Promise<Case> {
  const prepared = fill(one, { ID: `x${randomUUID().slice(0, 8)}` });
  for (const step of prepared.before ?? []) {
    if ('http' in step) {
      const [method, path, body] = step.http;
      const response = await fetch(`${place.world}${path}`, { method, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    } else {
      const [command, ...rest] = step.cli;
      await mustRun(place, [command!, ...rest]);
    }
  }
  return prepared;
}

function compareEnd({ ends }: Case, run: Run, killed = false): string[] {
  const wrong: string[] = [];
  if (run.status !== ends.status) wrong.push(`${run.status}, not ${ends.status}: ${JSON.stringify(run.error)}`);
  if (!same(run.output ?? null, ends.output))
    wrong.push(`output ${JSON.stringify(run.output)}, not ${JSON.stringify(ends.output)}`);
  if (ends.error && run.error?.code !== ends.error.code) wrong.push(`error ${run.error?.code}, not ${ends.error.code}`);
  // A repeated call can make a loop take one round less.
  const step = (path: string | undefined) => (killed ? path?.replaceAll(/\[\d+\]/g, '[]') : path);
  if (ends.error?.step !== undefined && step(run.error?.step) !== step(ends.error.step)) {
    wrong.push(`error at ${run.error?.step}, not ${ends.error.step}`);
  }
  return wrong;
}

/** Whether two JSON values are equal, whatever the order of their keys. */
function same(a: unknown, b: unknown): boolean {
  const sorted = (_: string, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
      : value;
  return JSON.stringify(a, sorted) === JSON.stringify(b, sorted);
}

async function lookUntil(place: Place, id: string, until: number, done: (run: Run) => boolean): Promise<Run> {
  const client = createClient({ baseUrl: place.api });
  for (;;) {
    const run = await client.run(id).catch((error: unknown) => {
      if (error instanceof CliError && error.exitCode === EXIT.noServer) return null;
      throw error;
    });
    if (run && done(run)) return run;
    if (run && hasEnded(run)) throw new Error(`Run ${id} ended ${run.status} too soon: ${JSON.stringify(run.error)}`);
    if (Date.now() > until)
      throw new Error(`Run ${id} has not got there in time: ${JSON.stringify(run?.status ?? 'no server')}`);
    await sleep(250);
  }
}

async function untilMail(place: Place, id: string, until: number, subject: string): Promise<void> {
  while (!(await seenOf(place.world, id)).mail.some((mail) => mail.subject === subject)) {
    if (Date.now() > until) throw new Error(`The mail "${subject}" has not come in time.`);
    await sleep(100);
  }
}

/** Runs `blok`; a failure fails the test. While the server is unavailable, until `until`, the command is repeated. */
async function mustRun(place: Place, argv: readonly string[], until = 0): Promise<{ out: string }> {
  let lost = false;
  for (;;) {
    const { code, out, err } = await blok(place, argv);
    if (code === EXIT.ok) return { out };
    // The decision was taken, but its answer was lost: when it is sent again, nothing waits for it any more.
    if (lost && code === EXIT.badInput && argv[0] === 'approve') return { out };
    lost = code === EXIT.noServer;
    if (code !== EXIT.noServer || Date.now() > until)
      throw new Error(`blok ${argv.join(' ')}: exit code ${code}\n${out}${err}`);
    await sleep(500);
  }
}

/** Runs the real command line, in the folder of the examples. */
function blok(place: Place, argv: readonly string[]): Promise<Ended> {
  return place.inProcess ? runHere(place.api, argv) : runProcess(place.api, argv);
}
