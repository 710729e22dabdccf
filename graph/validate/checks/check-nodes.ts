import type { NodeFacts } from '../../catalogue.ts';
import { isUses, splitUses } from '../../document/names.ts';
import type { GraphNode, InlineNode } from '../../document/types.ts';
import type { JsonSchema } from '../../json.ts';
import { AGENT, AGENT_TURN, approvalOf, isAgent, MAX_AGENT_TOOLS, toolsOf } from '../../node-types/agent-type.ts';
import { BUILTIN_TYPES, type BuiltinType, builtinType } from '../../node-types/builtin-types.ts';
import type { ValidationContext } from '../../node-types/context.ts';
import { findFacts } from '../../node-types/facts.ts';
import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import { foreignType } from '../../problems/foreign-words.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import { type BodyAt, nodePath } from '../../structure/bodies.ts';
import { checkCondition } from '../expressions/check-condition.ts';
import { checkMapping } from '../expressions/check-mapping.ts';
import { checkValue, type OnExpression } from '../schemas/check-value.ts';
import { checkConnection } from './check-connection.ts';
import { checkLocal } from './check-dispatch.ts';
import { checkPrompts } from './check-prompts.ts';
import { checkTimes } from './check-retry.ts';
import { checkRules } from './check-rules.ts';
import { checkSchemas } from './check-schemas.ts';
import { findSecrets } from './secrets.ts';

/** Checks each node of a body by itself: type, fields, parameters, connection, times, secrets. */
export function checkNodes(at: BodyAt, context: ValidationContext): Problem[] {
  return Object.entries(at.body.nodes).flatMap(([id, node]) => checkNode(node, nodePath(at, id), at, context));
}

function checkNode(node: GraphNode, path: string, at: BodyAt, context: ValidationContext): Problem[] {
  const problems = [
    ...findSecrets(node.with ?? {}, `${path}/with`),
    ...checkTimes(node, path),
    ...checkCondition(node.if, `${path}/if`),
    ...checkCondition(node.catch?.if, `${path}/catch/if`),
  ];
  if (splitUses(node.uses).type === AGENT_TURN)
    problems.push(
      problem(
        'bad-agent',
        `${path}/uses`,
        `\`${AGENT_TURN}\` is a step of an agent and no node.`,
        `Write \`uses: ${AGENT}\`.`,
      ),
    );
  const builtin = builtinType(node.uses);
  const facts = builtin === undefined ? findFacts(context.catalogue, node.uses) : undefined;
  if (builtin !== undefined) {
    problems.push(...checkFields(node, isAgent(node) ? FIELDS.agent : FIELDS[builtin.kind], path));
    problems.push(...checkParameters(node, builtin.with, path, at, context));
  } else if (facts !== undefined) {
    problems.push(...checkFields(node, FIELDS.effect, path));
    problems.push(...checkParameters(node, facts.input, path, at, context));
    problems.push(...checkConnection(node.connection, facts.connection, node.uses, path, context));
    problems.push(...checkPrompts(facts, node.with, path, context));
    problems.push(...checkSchemas(facts, node.with, path, context));
    problems.push(...checkLocal(node, facts, path));
  } else problems.push(...unknownType(node.uses, path, context));
  problems.push(...checkRules(node, path, at, context), ...checkApprovals(node, path, at, context));
  for (const part of ['compensate', 'notify'] as const) {
    const inline = node[part];
    if (inline !== undefined) problems.push(...checkInline(inline, `${path}/${part}`, part, context));
  }
  return problems;
}

/** Checks the approvals that tools of an agent need, as the nodes that they become. */
function checkApprovals(node: GraphNode, path: string, at: BodyAt, context: ValidationContext): Problem[] {
  if (!isAgent(node)) return [];
  return [...toolsOf(node)].slice(0, MAX_AGENT_TOOLS).flatMap(([name, tool]) => {
    const approval = approvalOf(tool);
    if (approval === undefined) return [];
    const place = `${path}/with/tools/${escapeSegment(name)}/approval`;
    const found = checkNode(approval, place, at, context);
    // Secrets are looked for in all parameters of the agent together.
    return found
      .filter(({ code }) => code !== 'inline-secret')
      .map((each) => ({ ...each, path: each.path.replace(`${place}/with`, place) }));
  });
}

function checkInline(node: InlineNode, path: string, part: string, context: ValidationContext): Problem[] {
  const problems = [...findSecrets(node.with ?? {}, `${path}/with`), ...checkTimes(node, path)];
  if (builtinType(node.uses) !== undefined) {
    return [
      ...problems,
      problem('bad-inline', `${path}/uses`, `\`${node.uses}\` is not an effect and cannot be a \`${part}\`.`),
    ];
  }
  const facts = findFacts(context.catalogue, node.uses);
  if (facts === undefined) return [...problems, ...unknownType(node.uses, path, context)];
  problems.push(...checkValue(node.with ?? {}, facts.input, `${path}/with`, 'with'));
  problems.push(...checkConnection(node.connection, facts.connection, node.uses, path, context));
  problems.push(...checkPrompts(facts, node.with, path, context));
  problems.push(...checkSchemas(facts, node.with, path, context));
  return problems;
}

function unknownType(uses: string, path: string, { catalogue }: ValidationContext): Problem[] {
  // A text that does not have the form of a type was reported with the shape.
  if (!isUses(uses)) return [];
  const { type } = splitUses(uses);
  const facts: Pick<NodeFacts, 'version'> | undefined = catalogue.get(type);
  const known = facts?.version ?? (BUILTIN_TYPES.has(type) ? '1' : undefined);
  if (known !== undefined)
    return [problem('unknown-version', `${path}/uses`, `\`${type}\` is at version ${known}; there is no \`${uses}\`.`)];
  const names = [...BUILTIN_TYPES.keys(), ...catalogue.keys()];
  const hint = foreignType(type);
  const guess = hint === undefined ? didYouMean(type, names) : '';
  return [problem('unknown-type', `${path}/uses`, `There is no node type \`${uses}\`.${guess}`, hint)];
}

/** For each kind of node, the fields that not all nodes have. */
const FIELDS = {
  effect: ['connection', 'retry', 'timeout', 'compensate', 'dispatch', 'priority', 'onExpired'],
  container: ['timeout', 'nodes', 'output', 'catch', 'finally'],
  agent: ['timeout', 'nodes', 'connection', 'retry', 'priority', 'onExpired'],
  wait: ['timeout', 'notify'],
  control: [],
  data: [],
} satisfies Record<BuiltinType['kind'] | 'effect' | 'agent', (keyof GraphNode)[]>;

const SPECIAL = [...new Set(Object.values(FIELDS).flat())] as (keyof GraphNode)[];

/** What to do instead, for fields that people expect. */
const FIELD_HINTS: { readonly [Field in keyof GraphNode]?: string } = {
  catch: 'Put the node into a `try`, which has `catch`, or let another node need its `.error` port.',
  finally: 'Put the node into a `try`, which has `finally`.',
  retry: 'Only effects are retried; put the work that may fail into the body.',
  compensate: 'Give each effect in the body its own `compensate`.',
  nodes: 'Only containers have a body: `forEach`, `while`, `race`, `try`, `ai.agent`.',
};

/** What to do instead, for fields of an agent that people expect. */
const AGENT_HINTS: { readonly [Field in keyof GraphNode]?: string } = {
  output: 'The schema of the answer is `with.output`; what it is, is read as `nodes.<id>.output`.',
  compensate: 'Give each tool that must be undone its own `compensate`.',
};

function checkFields(node: GraphNode, allowed: readonly (keyof GraphNode)[], path: string): Problem[] {
  const { type } = splitUses(node.uses);
  const barred = SPECIAL.filter((field) => {
    if (node[field] === undefined) return false;
    if (!allowed.includes(field)) return true;
    if (field === 'catch' || field === 'finally') return type !== 'try';
    if (field === 'output') return type === 'race';
    return field === 'notify' && type === 'wait';
  });
  const hints = type === AGENT ? AGENT_HINTS : {};
  return barred.map((field) =>
    problem(
      'field-not-allowed',
      `${path}/${field}`,
      `\`${node.uses}\` has no \`${field}\`.`,
      hints[field] ?? FIELD_HINTS[field],
    ),
  );
}

function checkParameters(
  node: GraphNode,
  schema: JsonSchema,
  path: string,
  at: BodyAt,
  context: ValidationContext,
): Problem[] {
  const onExpression: OnExpression = (text, accepts, where, name) =>
    checkMapping(text, accepts, where, name, at, context);
  return checkValue(node.with ?? {}, schema, `${path}/with`, 'with', onExpression);
}
