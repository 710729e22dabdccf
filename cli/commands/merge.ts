import type { Unreadable } from '../../graph/merge/index.ts';
import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { CliError, EXIT } from '../errors.ts';
import { mergeFiles } from '../graph-file.ts';
import { conflictLines } from '../print/conflicts.ts';
import { problemLines } from '../print/problems.ts';
import { readText, writeText } from '../values.ts';

export interface MergeArgs {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** What the file is called, if Git calls the command: the result goes into `ours`. */
  readonly path?: string;
  /** The file for the result; standard output if there is none. */
  readonly output?: string;
  readonly json: boolean;
}

/** Merges what two sides made of a graph. Exit code 1 if there are conflicts: markers stand around them in the result. */
export async function merge(ctx: CliContext, args: MergeArgs): Promise<number> {
  const { base, ours, theirs, path, output = path === undefined ? undefined : ours } = args;
  const name = path ?? output ?? ours;
  const texts = {
    base: await readText(ctx, base),
    ours: await readText(ctx, ours),
    theirs: await readText(ctx, theirs),
  };
  // Git's own files have names that mean nothing to anybody.
  const names = path === undefined ? { ours, theirs } : { ours: 'ours', theirs: 'theirs' };
  const merged = await mergeFiles(texts, names);
  if ('side' in merged) throw unreadable(merged, args);
  const { text, conflicts, problems } = merged;
  if (output !== undefined) await writeText(ctx, output, text);
  if (args.json) ctx.out(JSON.stringify({ clean: conflicts.length === 0, conflicts, problems, text }, null, 2));
  else {
    if (output === undefined) ctx.out(text.replace(/\n$/, ''));
    for (const line of conflictLines(name, conflicts)) ctx.err(`✖ ${line}`);
    for (const line of problemLines(name, problems)) ctx.err(line);
  }
  return conflicts.length === 0 ? EXIT.ok : EXIT.failed;
}

function unreadable({ side, problems }: Unreadable, { path, ...files }: MergeArgs): CliError {
  const file = path === undefined ? files[side] : `${path} (${side})`;
  const hint = path === undefined ? {} : { hint: `git checkout -m ${path} shows both texts, with markers.` };
  return new CliError(EXIT.badInput, 'graph.invalid', `${file} is no graph, so nothing was merged.`, {
    ...hint,
    problems,
    file,
  });
}

/** How the command is called. */
export const declareMerge: Declaration = ({ command, does, ctx }) =>
  command('merge <base> <ours> <theirs> [path]', 'merge two versions of a graph; with PATH as a merge driver of Git')
    .option('-o, --output <file>', 'where the result goes (default: standard output; with PATH: OURS)')
    .action(
      does((base: string, ours: string, theirs: string, path: string | undefined, options) =>
        merge(ctx, { base, ours, theirs, ...(path === undefined ? {} : { path }), ...options }),
      ),
    );
