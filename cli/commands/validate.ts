import { blocking } from '../../graph/problems/problem.ts';
import type { CliContext } from '../context.ts';
import { type Declaration, STRICT } from '../declare.ts';
import { EXIT } from '../errors.ts';
import { loadGraph } from '../graph-file.ts';
import { problemLines } from '../print/problems.ts';

export interface ValidateArgs {
  readonly files: readonly string[];
  /** Warnings count as errors. */
  readonly strict: boolean;
  readonly json: boolean;
}

/** Checks graphs without a server. Exit code 2 if any graph has an error or, with `strict`, a warning. */
export async function validate(ctx: CliContext, args: ValidateArgs): Promise<number> {
  const results = [];
  for (const file of args.files) {
    const { graph, problems } = await loadGraph(ctx, file);
    results.push({ file, valid: graph !== null && blocking(problems, args.strict).length === 0, problems });
  }
  if (args.json) ctx.out(JSON.stringify(results, null, 2));
  else {
    for (const { file, valid, problems } of results) {
      if (valid) ctx.out(`✔ ${file}`);
      for (const line of problemLines(file, problems)) ctx.out(line);
    }
  }
  return results.every(({ valid }) => valid) ? EXIT.ok : EXIT.badInput;
}

/** How the command is called. */
export const declareValidate: Declaration = ({ command, does, ctx }) =>
  command('validate <file...>', 'check graphs, without a server')
    .option(...STRICT)
    .action(does((files: string[], options) => validate(ctx, { files, ...options })));
