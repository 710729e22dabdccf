import type { CliContext } from '../context.ts';
import { CliError, EXIT } from '../errors.ts';
import { readText } from '../values.ts';
import { testsOf } from './find.ts';
import { resultLines } from './print.ts';
import { hasPassed, isBroken, runFile } from './run-file.ts';

/**
 * Runs the tests of a graph before it is published, and says on standard error what fails. Returns their text.
 *
 * @throws CliError `tests.failed`, or `tests.absent` if the graph has none
 */
export async function requireTests(ctx: CliContext, graphFile: string): Promise<string> {
  const file = await testsOf(ctx, graphFile);
  const result = await runFile(ctx, file);
  if (hasPassed(result)) return readText(ctx, file);
  for (const line of resultLines(result, false)) ctx.err(line);
  const code = isBroken(result) ? EXIT.badInput : EXIT.failed;
  throw new CliError(code, 'tests.failed', `The tests of ${graphFile} fail, so nothing was published.`);
}
