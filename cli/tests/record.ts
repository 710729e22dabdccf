import { type Case, caseOfRun, parseSuite, runSuite } from '../../graph/cases/index.ts';
import type { Json } from '../../graph/json.ts';
import { rewriteText, writeYaml } from '../../graph/rewrite/index.ts';
import type { CliContext } from '../context.ts';
import { badInput, CliError, EXIT } from '../errors.ts';
import { nodeTypes } from '../graph-file.ts';
import { readText, writeText } from '../values.ts';
import { hasEnded, type Run } from '../wire.ts';
import { resultLines } from './print.ts';

interface RecordArgs {
  readonly run: string;
  /** The file to add the case to; none: it is printed. */
  readonly targets: readonly string[];
  readonly json: boolean;
}

/**
 * Makes a case of a run: its effects answer what they answered then. Adds the case to a file of tests, or prints a new
 * file. Says so if the case does not pass, because something that the run depended on is not known.
 */
export async function recordCase(ctx: CliContext, { run: id, targets, json }: RecordArgs): Promise<number> {
  const [file, ...others] = targets;
  if (others.length > 0) throw badInput('A case is added to one file.', 'Write `blok test --record RUN FILE`.');
  const run = await ctx.client.run(id);
  if (run.moreSteps)
    throw badInput(
      `Run ${id} has more steps, or more data, than a case can hold.`,
      'Record a run with less input.',
      'case.tooLarge',
    );
  if (!hasEnded(run)) throw badInput(`Run ${id} has not ended.`, 'Record it when it has.', 'run.open');
  if (run.version === null)
    throw badInput(
      `Run ${id} was started with a graph of its own, which the server does not keep by name.`,
      'Record a run of a published workflow: `blok publish FILE`, then `blok run NAME`.',
      'run.unpublished',
    );
  const { graph } = await ctx.client.version(run.workflow, run.version);
  const whole = await withOutputs(ctx, run);
  const recorded = caseOfRun(whole, graph, `as in run ${id}`);
  const text = await addTo(ctx, file, recorded);
  requireReadable(text, id);
  if (file !== undefined) await writeText(ctx, file, text);
  if (json) ctx.out(JSON.stringify({ file: file ?? null, case: recorded }, null, 2));
  else if (file === undefined) ctx.out(text.trimEnd());
  else ctx.out(`✔ ${file}`);
  const played = runSuite({ suite: { cases: [recorded] }, graph, catalogue: await nodeTypes() });
  const cases = played.results ?? [];
  if (cases.length > 0 && cases.every(({ passed }) => passed)) return EXIT.ok;
  ctx.err(
    'The case does not pass as it is. Values of variables are not recorded, for example: give them under `vars`.',
  );
  const shown = { file: file ?? 'the case', graph: null, cases, problems: played.problems ?? [], ms: 0 };
  for (const line of resultLines(shown, false)) ctx.err(line);
  return EXIT.failed;
}

/** A file that nobody can read would take the cases away that are in it. @throws CliError `case.tooLarge` */
function requireReadable(text: string, id: string): void {
  const [problem] = parseSuite(text).problems;
  if (problem === undefined) return;
  throw badInput(
    `The case of run ${id} makes no file of tests: ${problem.message}`,
    'A file of tests holds at most 1 MB. Write a case by hand, with smaller outputs.',
    'case.tooLarge',
  );
}

/** The run with the outputs that are kept by reference in their steps. */
async function withOutputs(ctx: CliContext, run: Run): Promise<Run> {
  const steps: Run['steps'][number][] = [];
  for (const step of run.steps) {
    const isShort = step.outputRef === undefined;
    steps.push(isShort ? step : { ...step, output: await ctx.client.stepOutput(run.id, step.path) });
  }
  return { ...run, steps };
}

/** The text of a file of tests with one more case; a new file if there is none. */
async function addTo(ctx: CliContext, file: string | undefined, recorded: Case): Promise<string> {
  const before = file === undefined ? null : await readText(ctx, file).catch(absent);
  const added = recorded as unknown as Json;
  if (before === null) return writeYaml({ cases: [added] });
  const { suite, problems } = parseSuite(before);
  if (suite === null) {
    const message = `${file} has problems, so no case was added.`;
    throw new CliError(EXIT.badInput, 'graph.invalid', message, { problems, ...(file !== undefined && { file }) });
  }
  const names = new Set(suite.cases.map(({ name }) => name));
  if (names.has(recorded.name))
    throw badInput(`${file} has the case \`${recorded.name}\` already.`, 'Remove or rename it.');
  return rewriteText(before, {
    ...(suite as unknown as { [key: string]: Json }),
    cases: [...(suite.cases as unknown as Json[]), added],
  });
}

function absent(error: unknown): null {
  if (error instanceof CliError && error.code === 'file.absent') return null;
  throw error;
}
