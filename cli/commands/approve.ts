import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { badInput, EXIT } from '../errors.ts';
import { readValue } from '../values.ts';

export interface ApproveArgs {
  readonly run: string;
  /** Step path; may be left out if the run waits for only one approval. */
  readonly step?: string;
  readonly reject: boolean;
  readonly comment?: string;
  readonly by?: string;
  readonly values?: string;
  readonly json: boolean;
}

/** Decides an approval a run waits for. */
export async function approve(ctx: CliContext, args: ApproveArgs): Promise<number> {
  const step = args.step ?? (await onlyApproval(ctx, args.run));
  const decision = args.reject ? 'rejected' : 'approved';
  const answer = await ctx.client.approve(args.run, step, {
    decision,
    by: args.by ?? ctx.user,
    ...(args.comment !== undefined && { comment: args.comment }),
    ...(args.values !== undefined && { values: await readValue(ctx, '--values', args.values) }),
  });
  if (args.json) ctx.out(JSON.stringify(answer, null, 2));
  else ctx.out(`✔ ${step} ${decision}`);
  return EXIT.ok;
}

async function onlyApproval(ctx: CliContext, id: string): Promise<string> {
  const { waits } = await ctx.client.run(id);
  const steps = (waits ?? []).filter((wait) => wait.kind === 'approval').map((wait) => wait.step);
  if (steps.length === 1) return steps[0]!;
  if (steps.length === 0) throw badInput(`Run ${id} waits for no approval.`, undefined, 'approval.notWaiting');
  throw badInput(
    `Run ${id} waits for ${steps.length} approvals: ${steps.join(', ')}.`,
    `Say which: npx blok approve ${id} ${steps[0]}`,
    'approval.several',
  );
}

/** How the command is called. */
export const declareApprove: Declaration = ({ command, does, ctx }) =>
  command('approve <run> [step]', 'decide what a run waits for')
    .option('--reject', 'decide against', false)
    .option('--comment <text>', 'why')
    .option('--by <name>', 'who decides (default: you)')
    .option('--values <json|@file>', 'values of the form')
    .action(does((id: string, step: string | undefined, options) => approve(ctx, { run: id, step, ...options })));
