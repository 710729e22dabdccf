import type { Json } from '../../graph/json.ts';
import { writeYaml } from '../../graph/rewrite/index.ts';
import type { CliContext } from '../context.ts';
import { badInput } from '../errors.ts';
import { readText } from '../values.ts';
import * as blok from './define.ts';

/**
 * Runs a program that defines a graph, and returns the document as YAML. It is the author's own program: it may do what
 * any program may.
 */
export async function yamlOfCode(ctx: CliContext, file: string): Promise<string> {
  // Says plainly if there is no such file.
  await readText(ctx, file);
  const graph = (await loaded(ctx, file)).default;
  if (typeof graph === 'object' && graph !== null && 'blok' in graph) return writeYaml(graph as unknown as Json);
  throw badInput(
    `${file} exports no graph.`,
    "Write `export default defineGraph({ name: 'my-graph' }, (graph) => { … })`: docs/typescript.md.",
    'code.noGraph',
  );
}

async function loaded(ctx: CliContext, file: string): Promise<{ readonly default?: unknown }> {
  try {
    return (await ctx.importModule(file, { blok })) as { readonly default?: unknown };
  } catch (error) {
    throw badInput(
      `${file} cannot be run: ${error instanceof Error ? error.message : String(error)}`,
      undefined,
      'code.failed',
    );
  }
}
