import type { CliContext } from '../../context.ts';
import type { Declaration } from '../../declare.ts';
import { badInput, EXIT } from '../../errors.ts';
import { createText, writeText } from '../../values.ts';
import { filesIn, type LocalGraph, readGraphs } from './folder.ts';

interface PullArgs {
  readonly folder: string;
  /** Workflows; none: all. */
  readonly names: readonly string[];
  /** Overwrite files that differ without asking. */
  readonly yes: boolean;
  readonly json: boolean;
}

/** What pulling would do to one file. */
interface Pulled {
  readonly name: string;
  readonly file: string;
  readonly change: 'new' | 'changed' | 'same';
  readonly text: string;
}

/**
 * Writes what is published into a folder, a file for each workflow, with comments. A file that holds the workflow already
 * is changed where it stands. Files of other workflows stay.
 */
export async function pull(ctx: CliContext, args: PullArgs): Promise<number> {
  const local = await readGraphs(ctx, (await filesIn(ctx, args.folder)) ?? []);
  const pulled = await comparePublished(ctx, args, local);
  const overwritten = pulled.filter(({ change }) => change === 'changed');
  if (!args.json) for (const { name, file, change } of pulled) ctx.out(`${MARKS[change]} ${name} (${file})`);
  const isAgreed =
    overwritten.length === 0 || args.yes || ((await ctx.confirm?.(`Overwrite ${overwritten.length} files?`)) ?? false);
  const written = pulled.filter(({ change }) => change === 'new' || (change === 'changed' && isAgreed));
  if (written.length > 0) await ctx.makeFolder(args.folder);
  for (const { file, text, change } of written) {
    // A file of that name that does not hold the workflow is not ours to overwrite.
    const write = change === 'new' ? createText : writeText;
    await write(ctx, file, text);
  }
  if (args.json) {
    const files = pulled.map(({ name, file, change }) => ({ name, file, change }));
    ctx.out(JSON.stringify({ files, written: written.map(({ file }) => file) }, null, 2));
  } else if (!isAgreed) ctx.err('Files that differ were left as they are. Add --yes to overwrite them.');
  return EXIT.ok;
}

const MARKS = { new: '+', changed: '~', same: '=' } as const;

async function comparePublished(ctx: CliContext, args: PullArgs, local: readonly LocalGraph[]): Promise<Pulled[]> {
  const published = (await ctx.client.workflows()).filter(({ version }) => version !== null).map(({ name }) => name);
  const unknown = args.names.find((name) => !published.includes(name));
  if (unknown !== undefined) throw badInput(`There is no published workflow ${unknown}.`);
  const pulled: Pulled[] = [];
  for (const name of args.names.length > 0 ? args.names : published) {
    const { text } = await ctx.client.version(name);
    const known = local.find((graph) => graph.name === name);
    const file = known?.file ?? `${args.folder.replace(/\/+$/, '')}/${name}.${/^\s*\{/.test(text) ? 'json' : 'yaml'}`;
    const change = known === undefined ? 'new' : known.text === text ? 'same' : 'changed';
    pulled.push({ name, file, change, text });
  }
  return pulled;
}

/** How the command is called. */
export const declarePull: Declaration = ({ command, does, ctx }) =>
  command('pull <folder> [names...]', 'write what is published into a folder')
    .option('-y, --yes', 'overwrite files that differ without asking', false)
    .action(does((folder: string, names: string[], options) => pull(ctx, { folder, names, ...options })));
