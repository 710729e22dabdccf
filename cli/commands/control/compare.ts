import type { CliContext } from '../../context.ts';
import type { Declaration } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';
import type { Comparison } from '../../wire.ts';

export interface CompareArgs {
  readonly left: string;
  readonly right: string;
  readonly all: boolean;
  readonly json: boolean;
}

/** Shows where two runs differ, step by step. Exit code 1 if they do. */
export async function compareRuns(ctx: CliContext, { left, right, all, json }: CompareArgs): Promise<number> {
  const found = await ctx.client.compareRuns(left, right, all);
  if (json) ctx.out(JSON.stringify(found, null, 2));
  else print(ctx, found);
  return found.outputDiffers || found.different > 0 ? EXIT.failed : EXIT.ok;
}

const MARKS: Readonly<Record<string, string>> = { same: ' ', differs: '~', 'only-left': '-', 'only-right': '+' };

function print(ctx: CliContext, { steps, same, different, outputDiffers, more }: Comparison): void {
  const rows = steps.map(({ path, change, fields, leftMs, rightMs }) => [
    `${MARKS[change] ?? '?'} ${path}`,
    fields.join(', '),
    `${msText(leftMs)} → ${msText(rightMs)}`,
  ]);
  for (const line of table([], rows)) ctx.out(line);
  if (more) ctx.err(`Only the first ${steps.length} steps are listed.`);
  ctx.err(`${same} steps are the same, ${different} differ. The output ${outputDiffers ? 'differs' : 'is the same'}.`);
}

const msText = (ms: number | null): string => (ms === null ? '–' : `${ms} ms`);

/** How the command is called. */
export const declareCompare: Declaration = ({ command, does, ctx }) =>
  command('compare <left> <right>', 'show where two runs differ, step by step')
    .option('--all', 'list steps that are the same, too', false)
    .action(does((left: string, right: string, options) => compareRuns(ctx, { left, right, ...options })));
