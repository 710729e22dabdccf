import type { CliContext } from '../context.ts';
import { CliError, EXIT } from '../errors.ts';
import { problemLines } from './problems.ts';

/**
 * Prints why a command failed and returns its exit code. `file` is what problems refer to. Anything but a `CliError` is
 * a mistake in the CLI itself, and named as one.
 */
export function printFailure(ctx: CliContext, error: unknown, json: boolean, file: string): number {
  if (!(error instanceof CliError)) {
    const message = error instanceof Error ? error.message : String(error);
    if (json) ctx.out(JSON.stringify({ error: { code: 'cli.bug', message } }, null, 2));
    else ctx.err(`✖ This should not have happened: ${message}`);
    return EXIT.badInput;
  }
  const { code, message, hint, problems } = error;
  if (json) {
    ctx.out(
      JSON.stringify({ error: { code, message, ...(hint && { hint }), ...(problems && { problems }) } }, null, 2),
    );
    return error.exitCode;
  }
  ctx.err(`✖ ${message}`);
  if (hint) ctx.err(`  ${hint}`);
  for (const line of detailLines(error, file)) ctx.err(line);
  return error.exitCode;
}

/** Problems of a graph are places in its file; of an input or a form they add to the message only if there are several. */
function detailLines({ code, problems = [] }: CliError, file: string): string[] {
  if (code === 'graph.invalid') return problemLines(file || 'graph', problems);
  return problems.length > 1 ? problems.map(({ path, message }) => `  ${path || '/'}: ${message}`) : [];
}
