import type { Json, JsonSchema } from '../../json.ts';
import { isAgent, toolsOf } from '../../node-types/agent-type.ts';
import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import { type BodyAt, nodePath } from '../../structure/bodies.ts';
import type { ExpressionText } from '../expressions/texts.ts';
import { type Chain, chainsOf } from '../kinds/chains.ts';
import type { Subject } from './subject.ts';
import { undeclaredIn } from './undeclared.ts';

/** A tool of an agent, as the warning looks at it. */
interface Told {
  readonly agent: string;
  readonly name: string;
  /** Schema of the arguments; undefined: the tool takes none. */
  readonly parameters: Json | undefined;
}

/**
 * Finds tools of agents that read arguments of which the model is not told: it gives no such argument, so the value is missing in each
 * call.
 */
export function undeclaredArguments({ bodies, expressions }: Subject): Problem[] {
  const tools = toolsByPath(bodies);
  if (tools.size === 0) return [];
  const problems: Problem[] = [];
  for (const expression of expressions) {
    const { roots } = expression.compiled.reads;
    if (!roots.includes('item') && !roots.includes('loops')) continue;
    for (const tool of toolsAround(expression.path, tools)) {
      const wrong = new Set(
        chainsOf(expression.compiled.template).flatMap((chain) => missing(chain, tool, expression)),
      );
      for (const message of wrong) problems.push(problem('undeclared-argument', expression.path, message));
    }
  }
  return problems;
}

/** The tools by the paths of their nodes, and of their approvals. */
function toolsByPath(bodies: readonly BodyAt[]): ReadonlyMap<string, Told> {
  const tools = new Map<string, Told>();
  for (const at of bodies) {
    if (at.kind !== 'container' || !at.owner || !isAgent(at.owner.node)) continue;
    for (const [name, { parameters }] of toolsOf(at.owner.node)) {
      const told = { agent: at.owner.id, name, parameters: parameters ?? undefined };
      tools.set(nodePath(at, name), told);
      tools.set(`${at.path}/with/tools/${escapeSegment(name)}/approval`, told);
    }
  }
  return tools;
}

/** The tools that hold a path: several if agents are tools of agents. */
function* toolsAround(path: string, tools: ReadonlyMap<string, Told>): Generator<Told> {
  for (let end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
    const tool = tools.get(path.slice(0, end));
    if (tool) yield tool;
  }
}

function missing(chain: Chain, { agent, name, parameters }: Told, expression: ExpressionText): string[] {
  const read = argumentsRead(chain, agent, expression);
  if (read === null) return [];
  if (parameters === undefined) {
    const what = ['item.args', ...read].join('.');
    return [`\`${what}\` is read, but the tool \`${name}\` has no \`parameters\`, so the model gives no arguments.`];
  }
  // A schema that is none is reported elsewhere.
  if (parameters === null || typeof parameters !== 'object' || Array.isArray(parameters)) return [];
  const found = undeclaredIn(parameters, read, { root: parameters as JsonSchema, depth: 0 });
  if (found === null) return [];
  const like = didYouMean(found.name.split('.').at(-1)!, found.known);
  return [`The \`parameters\` of the tool \`${name}\` declare no \`${found.name}\`.${like}`];
}

/** The names that are read of the arguments of a call, or null if it is something else that is read. */
function argumentsRead({ root, path }: Chain, agent: string, { scope }: ExpressionText): readonly string[] | null {
  if (root === 'loops') return path[0] === agent && path[1] === 'item' && path[2] === 'args' ? path.slice(3) : null;
  if (root !== 'item' || path[0] !== 'args') return null;
  // In a loop of the tool, and in an expression that is read for each element, `item` is another one.
  const isCall = [...scope.loops.keys()].at(-1) === agent && !scope.roots.has('index');
  return isCall ? path.slice(1) : null;
}
