import type { Catalogue } from '../graph/catalogue.ts';
import type { Graph } from '../graph/document/types.ts';
import type { Plan } from '../graph/plan/types.ts';
import { blocking, type Problem } from '../graph/problems/problem.ts';
import type { SideNames } from '../graph/rewrite/index.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './errors.ts';
import { isCode } from './is-code.ts';
import { readText } from './values.ts';

/** The file of a graph, read and checked as far as possible. */
export interface GraphFile {
  readonly text: string;
  /** Null if the text is not a graph. */
  readonly graph: Graph | null;
  readonly problems: readonly Problem[];
}

// The language and the catalogue are loaded only for the commands that need them: `show` should not wait for a parser.
const language = () => import('../graph/index.ts');
const compiler = () => import('../graph/compile/index.ts');

/** The node types a graph may use. */
export async function nodeTypes(): Promise<Catalogue> {
  const { catalogue } = await import('../integrations/describe.ts');
  return catalogue();
}

/** Reads a graph and validates it against the catalogue: no server needed. The text of a program is what it defines. */
export async function loadGraph(ctx: CliContext, file: string): Promise<GraphFile> {
  const context = { catalogue: await nodeTypes() };
  const text = await graphText(ctx, file);
  const { graph, problems } = await checkText(text);
  // Lines of a text that nobody has written lead nowhere.
  return {
    text,
    graph,
    problems: isCode(file) && graph !== null ? (await language()).validate(graph, context) : problems,
  };
}

async function graphText(ctx: CliContext, file: string): Promise<string> {
  if (!isCode(file)) return readText(ctx, file);
  const { yamlOfCode } = await import('./code/load.ts');
  return yamlOfCode(ctx, file);
}

/** Like `loadGraph`, but a graph with errors is the caller's mistake (exit code 2); with `strict`, so are warnings. */
export async function requireValid(
  ctx: CliContext,
  file: string,
  strict = false,
): Promise<{ text: string; graph: Graph; warnings: readonly Problem[] }> {
  const { text, graph, problems } = await loadGraph(ctx, file);
  if (graph === null || blocking(problems, strict).length > 0) throw invalid(file, problems);
  return { text, graph, warnings: problems };
}

/** A graph that can be parsed, whatever else is wrong with it. */
export async function requireParsed(ctx: CliContext, file: string): Promise<{ graph: Graph }> {
  const { parseGraph } = await language();
  const { graph, problems } = parseGraph(await graphText(ctx, file));
  if (graph === null) throw invalid(file, problems);
  return { graph };
}

/** A valid graph and its plan. */
export async function requirePlan(ctx: CliContext, file: string): Promise<{ graph: Graph; plan: Plan }> {
  const { graph } = await requireValid(ctx, file);
  const { compile } = await compiler();
  const compiled = compile(graph, await nodeTypes());
  if (compiled.plan === undefined) throw invalid(file, compiled.problems);
  return { graph, plan: compiled.plan };
}

/** A graph as a Mermaid diagram. */
export async function drawMermaid(graph: Graph): Promise<string> {
  const { toMermaid } = await language();
  return toMermaid(graph);
}

/** What differs between two graphs. */
export async function compareGraphs(before: Graph, after: Graph) {
  const { diffGraphs, diffLines, diffMermaid } = await language();
  return { diff: () => diffGraphs(before, after), lines: diffLines, mermaid: () => diffMermaid(before, after) };
}

/** What differs between two texts of a graph, as lines. Null: there is no graph yet, and everything is new. */
export async function compareTexts(before: string | null, after: string) {
  const { diffGraphs, diffLines, parseGraph } = await language();
  const graph = parseGraph(after).graph;
  if (graph === null) return [{ mark: ' ' as const, text: 'The draft is no graph yet.' }];
  const old = before === null ? null : parseGraph(before).graph;
  return diffLines(diffGraphs(old ?? { blok: 1, name: graph.name, nodes: {} }, graph));
}

/** Checks the text of a graph against the catalogue. */
export async function checkText(text: string) {
  const { validateText } = await language();
  return validateText(text, { catalogue: await nodeTypes() });
}

/** Identity of a graph. */
export async function hashOf(graph: Graph): Promise<string> {
  return (await language()).graphHash(graph);
}

/** Merges three texts of a graph. */
export async function mergeFiles(texts: { base: string; ours: string; theirs: string }, names: SideNames) {
  const { mergeTexts } = await language();
  return mergeTexts(texts, { context: { catalogue: await nodeTypes() }, names });
}

function invalid(file: string, problems: readonly Problem[]): CliError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new CliError(EXIT.badInput, 'graph.invalid', `${file} has ${count}.`, { problems, file });
}
