import { blocking, type Problem } from '../../graph/problems/problem.ts';
import type { CliContext } from '../context.ts';
import { type Declaration, STRICT } from '../declare.ts';
import { CliError, EXIT } from '../errors.ts';
import { loadGraph } from '../graph-file.ts';
import { problemLines } from '../print/problems.ts';

export interface ValidateArgs {
  readonly files: readonly string[];
  /** Warnings count as errors. */
  readonly strict: boolean;
  readonly json: boolean;
}

interface Result {
  readonly file: string;
  readonly valid: boolean;
  readonly problems: readonly Problem[];
  /** Why the file could not be read. */
  readonly error?: string;
}

/** Checks graphs without a server. Exit code 2 if any graph has an error or, with `strict`, a warning. */
export async function validate(ctx: CliContext, args: ValidateArgs): Promise<number> {
  const results: Result[] = [];
  for (const file of args.files) {
    const loaded = await loadGraph(ctx, file).catch(unreadable);
    if (loaded instanceof CliError) {
      results.push({ file, valid: false, problems: [], error: loaded.message });
      continue;
    }
    const { graph, problems } = loaded;
    results.push({ file, valid: graph !== null && blocking(problems, args.strict).length === 0, problems });
  }
  if (args.json) ctx.out(JSON.stringify(results, null, 2));
  else {
    for (const { file, valid, problems, error } of results) {
      if (error) ctx.err(`✖ ${error}`);
      if (valid) ctx.out(`✔ ${file}`);
      for (const line of problemLines(file, problems)) ctx.out(line);
    }
  }
  return results.every(({ valid }) => valid) ? EXIT.ok : EXIT.badInput;
}

/** A file that cannot be read must not keep the others from being checked. */
function unreadable(error: unknown): CliError {
  if (error instanceof CliError) return error;
  throw error;
}

/** How the command is called. */
export const declareValidate: Declaration = ({ command, does, ctx }) =>
  command('validate <file...>', 'check graphs, without a server')
    .option(...STRICT)
    .action(does((files: string[], options) => validate(ctx, { files, ...options })));
