import type { CliContext } from '../../context.ts';
import { badInput } from '../../errors.ts';
import { compareGraphs } from '../../graph-file.ts';
import { coloured } from '../../print/diff.ts';
import type { LocalGraph } from './folder.ts';

/** What publishing a folder would do to one workflow. */
export interface Step {
  readonly name: string;
  /**
   * `text`: only comments or layout differ, which makes no new version. `extra`: the folder does not have it.
   */
  readonly change: 'new' | 'changed' | 'text' | 'same' | 'extra';
  /** The published version. */
  readonly version: number | null;
  readonly local?: LocalGraph;
  /** What is published, to be sure that it still is. Null: nothing. */
  readonly etag: string | null;
  /** What differs, for people. */
  readonly lines: readonly string[];
}

/**
 * Compares the graphs of a folder with what is published.
 *
 * @throws CliError if a graph's workflow is archived
 */
export async function planFolder(ctx: CliContext, graphs: readonly LocalGraph[]): Promise<Step[]> {
  await refuseArchived(ctx, graphs);
  const published = (await ctx.client.workflows()).filter(({ version }) => version !== null);
  const versions = new Map(published.map(({ name, version }) => [name, version]));
  const steps: Step[] = [];
  for (const local of graphs) {
    steps.push(
      versions.has(local.name)
        ? await compare(ctx, local)
        : { name: local.name, change: 'new', version: null, local, etag: null, lines: [] },
    );
  }
  const names = new Set(graphs.map(({ name }) => name));
  const extra = published.filter(({ name }) => !names.has(name));
  for (const { name } of extra) {
    const { version, etag } = await ctx.client.version(name);
    steps.push({ name, change: 'extra', version, etag, lines: [] });
  }
  return steps;
}

/** What is archived is out of the way on purpose, so nothing of the folder is published before somebody has decided. */
async function refuseArchived(ctx: CliContext, graphs: readonly LocalGraph[]): Promise<void> {
  const archived = new Set((await ctx.client.workflows({ archived: true })).map(({ name }) => name));
  const found = graphs.find(({ name }) => archived.has(name));
  if (found === undefined) return;
  throw badInput(
    `The workflow "${found.name}" (${found.file}) is archived. Bring it back (PATCH /api/workflows/${found.name} with ` +
      '{"archived": false}), or take its file out of the folder.',
  );
}

async function compare(ctx: CliContext, local: LocalGraph): Promise<Step> {
  const { version, hash, graph, text, etag } = await ctx.client.version(local.name);
  const step = { name: local.name, version, local, etag };
  if (hash === local.hash) return { ...step, change: text === local.text ? 'same' : 'text', lines: [] };
  const compared = await compareGraphs(graph, local.graph);
  return {
    ...step,
    change: 'changed',
    lines: compared.lines(compared.diff()).map((line) => coloured(line, ctx.colours)),
  };
}

/** A plan for people. `remove`: what the folder does not have is deleted. */
export function planLines(steps: readonly Step[], { remove }: { remove: boolean }): string[] {
  const lines = steps.flatMap(({ name, change, version, lines: details }) => [
    WORDS[change](name, version, remove),
    ...details.map((line) => `    ${line}`),
  ]);
  const count = (change: Step['change']): number => steps.filter((step) => step.change === change).length;
  const extra = count('extra') === 0 ? [] : [`${count('extra')} ${remove ? 'to delete' : 'not in the folder'}`];
  const changed = count('changed') + count('text');
  return [...lines, [`${count('new')} new`, `${changed} changed`, `${count('same')} unchanged`, ...extra].join(', ')];
}

const WORDS: Readonly<Record<Step['change'], (name: string, version: number | null, remove: boolean) => string>> = {
  new: (name) => `+ ${name}`,
  changed: (name, version) => `~ ${name} (version ${version})`,
  text: (name) => `~ ${name}: only comments or layout; no new version`,
  same: (name) => `= ${name}`,
  extra: (name, _version, remove) =>
    remove ? `- ${name}: not in the folder; deleted` : `  ${name}: not in the folder; stays (--remove deletes it)`,
};
