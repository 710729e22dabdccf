import type { Graph } from '../../../graph/document/types.ts';
import { blocking } from '../../../graph/problems/problem.ts';
import type { CliContext } from '../../context.ts';
import { badInput } from '../../errors.ts';
import { checkText, hashOf } from '../../graph-file.ts';
import { problemLines } from '../../print/problems.ts';
import { readText } from '../../values.ts';

/** A graph in a folder. */
export interface LocalGraph {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly hash: string;
  readonly graph: Graph;
}

/** Files below a folder; null: it is no folder. */
export async function filesIn(ctx: CliContext, folder: string): Promise<readonly string[] | null> {
  try {
    return (await ctx.listFiles(folder)).map((path) => `${folder.replace(/\/+$/, '')}/${path}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw badInput(`${folder} cannot be read${code === undefined ? '' : ` (${code})`}.`, undefined, 'file.unreadable');
  }
}

/**
 * The graphs among files, by name. A file with problems ends the command, after all problems of all files were printed:
 * half of a folder is never published.
 */
export async function readGraphs(
  ctx: CliContext,
  files: readonly string[],
  { strict = false }: { strict?: boolean } = {},
): Promise<LocalGraph[]> {
  const graphs = new Map<string, LocalGraph>();
  let bad = 0;
  for (const file of files.filter(mayBeGraph)) {
    const text = await readText(ctx, file);
    if (!(await saysBlok(text))) continue;
    const { graph, problems } = await checkText(text);
    if (graph === null || blocking(problems, strict).length > 0) {
      bad += 1;
      for (const line of problemLines(file, problems)) ctx.err(line);
      continue;
    }
    const other = graphs.get(graph.name);
    if (other) throw badInput(`${other.file} and ${file} are both named ${graph.name}.`, 'Give one another name.');
    graphs.set(graph.name, { name: graph.name, file, text, graph, hash: await hashOf(graph) });
  }
  if (bad > 0) throw badInput(`${bad === 1 ? 'A graph has' : `${bad} graphs have`} problems, so nothing was done.`);
  return [...graphs.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Files of tests stand beside graphs, and are none. */
const mayBeGraph = (path: string): boolean => /\.(ya?ml|json)$/i.test(path) && !/\.test\.ya?ml$/i.test(path);

/**
 * Other YAML and JSON may lie in the folder: a graph says `blok` at its top, however that is written. A text that cannot be
 * read may be a graph with a mistake: to take it for none could delete its workflow (`--remove`).
 */
async function saysBlok(text: string): Promise<boolean> {
  const { readDocument } = await import('../../../graph/document/parse.ts');
  const { value, place } = readDocument(text);
  if (place !== undefined) return typeof value === 'object' && value !== null && Object.hasOwn(value, 'blok');
  return /^\s*\{/.test(text) ? /["']?blok["']?\s*:/.test(text) : /^["']?blok["']?[ \t]*:/m.test(text);
}
