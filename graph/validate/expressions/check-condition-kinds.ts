import type { Graph, GraphNode } from '../../document/types.ts';
import { builtinType } from '../../node-types/builtin-types.ts';
import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { type BodyAt, nodePath } from '../../structure/bodies.ts';
import { infer } from '../kinds/infer.ts';
import { type Kind, nameOf, notNull } from '../kinds/kinds.ts';
import type { Site } from '../kinds/read.ts';
import type { ExpressionText } from './texts.ts';

/**
 * Checks that a condition can be true or false, because any other value fails each time the condition is read. Checked
 * only if the kind of the value is known before the run.
 */
export function checkConditionKinds(
  graph: Omit<Site, 'scope' | 'path'> & {
    readonly expressions: Iterable<ExpressionText>;
    readonly bodies: readonly BodyAt[];
  },
): Problem[] {
  const conditions = conditionPaths(graph.graph, graph.bodies);
  const problems: Problem[] = [];
  for (const { text, path, scope, compiled } of graph.expressions) {
    if (!conditions.has(path) || compiled.template[0] !== 'e') continue;
    const found = notNull(infer(compiled.template[1], { ...graph, scope, path }));
    if (found === null || found.kinds.size === 0 || found.kinds.has('boolean')) continue;
    const shown = text.trim().length > 80 ? `${text.trim().slice(0, 80)}…` : text.trim();
    const message = `\`${shown}\` yields ${nameOf(found)}, and a condition must be true, false or null.`;
    problems.push(problem('type-mismatch', path, message, hintFor([...found.kinds])));
  }
  return problems;
}

function hintFor(kinds: readonly Kind[]): string {
  const example: Partial<Record<Kind, string>> = {
    string: "${{ … == 'yes' }}",
    number: '${{ … > 0 }}',
    array: '${{ … .length > 0 }}',
    object: '${{ … != null }}',
  };
  return `Compare it, as in \`${example[kinds[0]!] ?? '${{ … == … }}'}\`.`;
}

/** The places of conditions in a graph: guards, and those parameters of built-in types that are conditions. */
function conditionPaths(graph: Graph, bodies: readonly BodyAt[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const id of Object.keys(graph.triggers ?? {})) paths.add(`/triggers/${escapeSegment(id)}/if`);
  for (const at of bodies) {
    for (const [id, node] of Object.entries(at.body.nodes)) addPaths(paths, node, nodePath(at, id));
  }
  return paths;
}

function addPaths(paths: Set<string>, node: GraphNode, path: string): void {
  paths.add(`${path}/if`);
  paths.add(`${path}/catch/if`);
  const schemas = builtinType(node.uses)?.with.properties as Record<string, unknown> | undefined;
  if (schemas !== undefined && Object.hasOwn(schemas, 'test')) paths.add(`${path}/with/test`);
  const cases = node.with?.cases;
  if (schemas !== undefined && Object.hasOwn(schemas, 'cases') && Array.isArray(cases))
    for (const index of cases.keys()) paths.add(`${path}/with/cases/${index}/when`);
}
