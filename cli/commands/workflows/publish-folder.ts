import type { CliContext } from '../../context.ts';
import { badInput, EXIT } from '../../errors.ts';
import { requireTests } from '../../tests/require.ts';
import { readGraphs } from './folder.ts';
import { planFolder, planLines, type Step } from './plan.ts';

/** How a folder is published. */
export interface FolderArgs {
  readonly strict: boolean;
  /** The tests of each graph that changes must pass. */
  readonly test: boolean;
  readonly message?: string;
  /** Delete what is published and not in the folder. */
  readonly remove: boolean;
  /** Do not ask. */
  readonly yes: boolean;
  readonly json: boolean;
}

/**
 * Publishes all graphs of a folder: shows first what that would change. What was published since the plan was made is not
 * overwritten, and the command can be repeated.
 */
export async function publishFolder(ctx: CliContext, files: readonly string[], args: FolderArgs): Promise<number> {
  const graphs = await readGraphs(ctx, files, args);
  if (args.remove && graphs.length === 0)
    throw badInput('The folder holds no graph, so --remove would delete every workflow. Is it the right folder?');
  const steps = await planFolder(ctx, graphs);
  const todo = steps.filter(({ change }) => change !== 'same' && (change !== 'extra' || args.remove));
  if (!args.json) for (const line of planLines(steps, args)) ctx.out(line);
  const isAgreed = todo.length > 0 && (args.yes || ((await ctx.confirm?.('Publish this?')) ?? false));
  const done: { name: string; version: number | null }[] = [];
  const tests = new Map<string, string>();
  if (isAgreed && args.test)
    for (const { local } of todo) if (local) tests.set(local.file, await requireTests(ctx, local.file));
  if (isAgreed) for (const step of todo) done.push(await apply(ctx, step, { ...args, tests }));
  if (args.json) ctx.out(JSON.stringify({ plan: steps.map(presentStep), done }, null, 2));
  else if (todo.length === 0) ctx.out('Nothing to do.');
  else if (!isAgreed) ctx.err('Nothing was published. Add --yes to publish this.');
  return EXIT.ok;
}

async function apply(ctx: CliContext, step: Step, args: FolderArgs & { tests: ReadonlyMap<string, string> }) {
  const { name, local, etag } = step;
  if (local === undefined) {
    await ctx.client.deleteWorkflow(name, { etag });
    if (!args.json) ctx.out(`✔ ${name} deleted`);
    return { name, version: null };
  }
  const { strict, message } = args;
  const tests = args.tests.get(local.file);
  const { published } = await ctx.client.publish(name, local.text, { strict, message, etag, tests });
  if (!args.json) ctx.out(`✔ ${name} version ${published.version}`);
  return { name, version: published.version };
}

const presentStep = ({ name, change, version, local }: Step) => ({
  ...{ name, change, version },
  ...(local && { file: local.file }),
});
