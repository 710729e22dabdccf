import type { Graph, GraphNode, InlineNode } from '../../document/types.ts';
import type { JsonObject } from '../../json.ts';
import type { ValidationContext } from '../../node-types/context.ts';
import { escapeSegment } from '../../pointer.ts';
import { type BodyAt, nodePath } from '../../structure/bodies.ts';
import { type ExpressionText, textsOf } from '../expressions/texts.ts';
import type { InputSchema } from '../kinds/input-schema.ts';

/** A graph as the warnings look at it. */
export interface Subject {
  readonly graph: Graph;
  readonly context: ValidationContext;
  readonly input: InputSchema;
  readonly bodies: readonly BodyAt[];
  readonly expressions: Iterable<ExpressionText>;
  readonly constants: readonly ConstantText[];
}

/** The constant parts of a text, without its expressions. */
export interface ConstantText {
  readonly path: string;
  /** Name of the field it is in; for an entry of a list, the name of the list. */
  readonly key: string;
  readonly text: string;
  /** The text without its expressions, in parts. */
  readonly parts: readonly string[];
  /** The parameter that it is, or is a part of. */
  readonly parameter?: { readonly uses: string; readonly name: string };
}

/** Longest text that is checked. If something is wrong with a longer text, its beginning usually shows it. */
const MAX_LOOKED_AT = 20_000;

/** The parts of a text around its expressions. An expression is taken to end at the next `}}`: that is close enough. */
export function constantParts(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  for (let open = text.indexOf('${{'); open >= 0; open = text.indexOf('${{', at)) {
    parts.push(text.slice(at, open));
    const close = text.indexOf('}}', open);
    if (close < 0) return parts;
    at = close + 2;
  }
  return [...parts, text.slice(at)];
}

/** Every text that reaches a service, a person or a caller: parameters, variables, outputs. */
export function constantTexts(graph: Graph, bodies: readonly BodyAt[]): ConstantText[] {
  const found: ConstantText[] = [];
  const add = (value: JsonObject[string] | undefined, path: string, parameter?: ConstantText['parameter']): void => {
    if (value === undefined) return;
    for (const [text, at] of textsOf(value, path))
      found.push({
        path: at,
        key: keyOf(at),
        text,
        parts: constantParts(text.slice(0, MAX_LOOKED_AT)),
        ...(parameter && { parameter }),
      });
  };
  const addNode = (node: GraphNode | InlineNode | undefined, path: string): void => {
    for (const [name, value] of Object.entries(node?.with ?? {}))
      add(value, `${path}/with/${escapeSegment(name)}`, { uses: node!.uses, name });
  };
  add(graph.vars, '/vars');
  for (const [id, trigger] of Object.entries(graph.triggers ?? {})) {
    add(trigger.with, `/triggers/${escapeSegment(id)}/with`);
    add(trigger.input, `/triggers/${escapeSegment(id)}/input`);
  }
  for (const at of bodies) {
    for (const [id, node] of Object.entries(at.body.nodes)) {
      const path = nodePath(at, id);
      addNode(node, path);
      addNode(node.compensate, `${path}/compensate`);
      addNode(node.notify, `${path}/notify`);
    }
    if (at.kind !== 'finally') add(at.body.output, `${at.path}/output`);
  }
  return found;
}

/** The last name of a path that is not an index of a list. */
function keyOf(path: string): string {
  const name = path.split('/').findLast((segment) => !/^\d+$/.test(segment)) ?? '';
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** Whether a text is a program: text in it that looks like a template or a placeholder is part of the program. */
export const isCode = ({ parameter }: ConstantText): boolean =>
  parameter !== undefined && /^(source|script|code)$/.test(parameter.name);
