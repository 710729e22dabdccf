import type { CliContext } from '../context.ts';
import { CliError, EXIT } from '../errors.ts';
import { problemLines } from './problems.ts';

/**
 * Prints why a command failed and returns its exit code. `file` is the file that problems refer to. Anything except a
 * `CliError` is a bug in the CLI itself, and the message says so.
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
  for (const line of detailLines(error, error.file ?? file)) ctx.err(line);
  return error.exitCode;
}

/** Problems of a graph or a prompt are places in its file. Problems of an input or a form are listed only if there are several. */
function detailLines({ code, problems = [] }: CliError, file: string): string[] {
  if (code === 'graph.invalid') return problemLines(file || 'graph', problems);
  if (code === 'prompt.invalid') return problemLines(file || 'prompt', problems);
  return problems.length > 1 ? problems.map(({ path, message }) => `  ${path || '/'}: ${message}`) : [];
}
