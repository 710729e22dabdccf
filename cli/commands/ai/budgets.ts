import type { Body } from '../../../api/client-types.ts';
import type { CliContext } from '../../context.ts';
import { type Declaration, JSON_OPTION } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';
import type { Budget } from '../../wire.ts';

/** Lists budgets, with what is spent. */
export async function listBudgets(ctx: CliContext, { json }: { json: boolean }): Promise<number> {
  const { items } = await ctx.client.budgets();
  if (json) ctx.out(JSON.stringify(items, null, 2));
  else if (items.length === 0) ctx.err('No budgets: calls to models cost what they cost.');
  else
    for (const line of table(['name', 'of', 'period', 'amount', 'spent', 'left', 'kind'], items.map(row)))
      ctx.out(line);
  return EXIT.ok;
}

const row = ({ name, scope, workflow, period, amount, spent, left, kind, passed }: Budget): string[] => [
  ...[name, workflow === null ? scope : `${scope} ${workflow}`, period, `$${amount}`],
  ...[spent, left].map((value) => (value === null ? '' : `$${value}`)),
  passed ? `${kind}, passed` : kind,
];

export interface BudgetArgs extends Omit<Body<'PUT /api/budgets/:name'>, 'kind'> {
  readonly soft: boolean;
  readonly json: boolean;
}

/** Sets a budget. */
export async function setBudget(ctx: CliContext, name: string, args: BudgetArgs): Promise<number> {
  const { amount, scope, period, workflow, soft, json } = args;
  const kind = soft ? 'soft' : 'hard';
  const budget = await ctx.client.setBudget(name, { amount, scope, period, workflow, kind });
  if (json) ctx.out(JSON.stringify(budget, null, 2));
  else {
    const spent = budget.spent === null ? '' : `, $${budget.spent} spent`;
    ctx.err(`✔ ${name}: $${budget.amount} for ${row(budget)[1]}, period ${budget.period}, ${kind}${spent}`);
  }
  return EXIT.ok;
}

/** Removes a budget. */
export async function deleteBudget(ctx: CliContext, name: string, { json }: { json: boolean }): Promise<number> {
  const answer = await ctx.client.deleteBudget(name);
  if (json) ctx.out(JSON.stringify(answer, null, 2));
  else ctx.err(`✔ ${name} is removed.`);
  return EXIT.ok;
}

/** Shows or sets the time zone in which days begin. */
export async function zone(ctx: CliContext, name: string | undefined, { json }: { json: boolean }): Promise<number> {
  const workspace = name === undefined ? await ctx.client.workspace() : await ctx.client.setTimeZone(name);
  ctx.out(json ? JSON.stringify(workspace, null, 2) : workspace.timeZone);
  return EXIT.ok;
}

/** How the commands about budgets are called. */
export const declareBudgets: Declaration = ({ program, does, ctx }) => {
  const budgets = program.command('budgets').description('what may be spent on calls to models');
  const command = (usage: string, about: string) =>
    budgets
      .command(usage)
      .description(about)
      .option(...JSON_OPTION);
  command('list', 'list the budgets, with what is spent').action(does((options) => listBudgets(ctx, options)));
  command('set <name>', 'set a budget; what was spent before counts')
    .requiredOption('--amount <dollars>', 'US dollars, such as 12.50')
    .option('--scope <scope>', 'what is counted together: step, run, workflow or workspace', 'workspace')
    .option('--period <period>', 'day, month or total; default: day, of steps and runs total')
    .option('--workflow <name>', 'only calls of this workflow')
    .option('--soft', 'warn, instead of refusing calls that do not fit', false)
    .action(does((name: string, options) => setBudget(ctx, name, options)));
  command('delete <name>', 'remove a budget').action(does((name: string, options) => deleteBudget(ctx, name, options)));
  command('zone [name]', 'show or set the time zone in which days begin, such as Europe/Berlin').action(
    does((name: string | undefined, options) => zone(ctx, name, options)),
  );
};
