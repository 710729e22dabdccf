import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { badInput, EXIT } from '../errors.ts';
import { writeText } from '../values.ts';
import { findTests } from './find.ts';
import { junitText } from './junit.ts';
import { resultJson, resultLines, summaryLine } from './print.ts';
import { rerun } from './rerun.ts';
import { type FileResult, hasPassed, isBroken, runFile } from './run-file.ts';

export interface TestArgs {
  /** Files of tests, graphs, or folders; the working directory if there are none. */
  readonly targets: readonly string[];
  /** Only cases whose file and name contain this text. */
  readonly filter?: string;
  /** Write the results to this file, as JUnit's XML. */
  readonly junit?: string;
  readonly watch: boolean;
  /** A run to make a case of. */
  readonly record?: string;
  readonly json: boolean;
}

/** Runs graph tests here, without a server and without effects. Exit code 1 if a case fails, 2 if a file is broken. */
export async function test(ctx: CliContext, args: TestArgs): Promise<number> {
  const { targets, record, watch } = args;
  if (record !== undefined) {
    const { recordCase } = await import('./record.ts');
    return recordCase(ctx, { run: record, targets, json: args.json });
  }
  const files = () => findTests(ctx, targets.length === 0 ? ['.'] : targets);
  if (!watch) return runOnce(ctx, args, await files());
  return rerun(ctx, files, (changed) => runOnce(ctx, args, changed));
}

async function runOnce(ctx: CliContext, args: TestArgs, files: readonly string[]): Promise<number> {
  const began = ctx.now();
  const results: FileResult[] = [];
  for (const file of files) {
    const result = await runFile(ctx, file, wantedIn(file, args.filter));
    if (result.cases.length === 0 && !isBroken(result)) continue;
    results.push(result);
    if (!args.json) for (const line of resultLines(result, ctx.colours)) ctx.out(line);
  }
  if (results.length === 0)
    throw badInput(
      `No case contains "${args.filter}".`,
      'The text is looked for in `FILE name of the case`.',
      'tests.absent',
    );
  if (args.json) ctx.out(JSON.stringify(results.map(resultJson), null, 2));
  else ctx.err(summaryLine(results, ctx.now() - began));
  if (args.junit !== undefined) await writeText(ctx, args.junit, junitText(results));
  if (results.some(isBroken)) return EXIT.badInput;
  return results.every(hasPassed) ? EXIT.ok : EXIT.failed;
}

function wantedIn(file: string, filter: string | undefined): (name: string) => boolean {
  if (filter === undefined) return () => true;
  return (name) => `${file} ${name}`.toLowerCase().includes(filter.toLowerCase());
}

/** How the command is called. */
export const declareTest: Declaration = ({ command, does, ctx }) =>
  command('test [target...]', 'run graph tests, without a server: files called NAME.test.yaml')
    .option('--filter <text>', 'only cases whose file or name contains the text')
    .option('--watch', 'run them again when a file changes', false)
    .option('--junit <file>', 'write the results as JUnit XML')
    .option('--record <run>', 'make a case of a run of the server; TARGET: the file to add it to')
    .action(does((targets: string[], options) => test(ctx, { targets, ...options })));
