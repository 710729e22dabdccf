import type { CliContext } from '../context.ts';
import { EXIT } from '../errors.ts';
import { loadGraph } from '../graph-file.ts';
import { problemLines } from '../print/problems.ts';

export interface ValidateArgs {
  readonly files: readonly string[];
  readonly json: boolean;
}

/** Checks graphs without a server. Exit code 2 if any has a problem. */
export async function validate(ctx: CliContext, args: ValidateArgs): Promise<number> {
  const results = [];
  for (const file of args.files) {
    const { problems } = await loadGraph(ctx, file);
    results.push({ file, valid: problems.length === 0, problems });
  }
  if (args.json) ctx.out(JSON.stringify(results, null, 2));
  else {
    for (const { file, valid, problems } of results) {
      if (valid) ctx.out(`✔ ${file}`);
      else for (const line of problemLines(file, problems)) ctx.out(line);
    }
  }
  return results.every(({ valid }) => valid) ? EXIT.ok : EXIT.badInput;
}
