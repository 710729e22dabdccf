import { isId, isSlug, RESERVED_IDS, splitUses } from '../../document/names.ts';
import type { GraphNode } from '../../document/types.ts';
import { parseIso } from '../../expression/library/time/calendar.ts';
import { compileValue } from '../../expression/parse.ts';
import type { Json } from '../../json.ts';
import { AGENT, holdsTools } from '../../node-types/agent-type.ts';
import type { ValidationContext } from '../../node-types/context.ts';
import { portsOf } from '../../node-types/ports.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import type { BodyAt } from '../../structure/bodies.ts';
import { checkSchema } from '../schemas/check-json-schema.ts';
import { checkAgent } from './check-agent.ts';

type Rule = (node: GraphNode, path: string, at: BodyAt, context: ValidationContext) => Problem[];

/** Rules of single types that a schema cannot express. */
const RULES: Readonly<Record<string, Rule>> = {
  switch: (node, path) => {
    const seen = new Set<string>();
    const problems = fixed(node, path, ['cases']);
    if (problems.length > 0) return problems;
    return list(node.with?.cases).flatMap((each, index) => checkCase(each, `${path}/with/cases/${index}`, seen));
  },
  wait: (node, path) => {
    const given = ['for', 'until'].filter((name) => node.with?.[name] !== undefined && node.with[name] !== null);
    if (given.length === 1) return checkTime(node.with?.until, `${path}/with/until`);
    return given.length === 0
      ? [problem('missing-parameter', `${path}/with`, '`wait` needs `for` or `until`.')]
      : [problem('bad-parameter', `${path}/with/until`, '`wait` takes `for` or `until`, not both.', 'Remove one.')];
  },
  approval: (node, path, _at, context) => {
    const form = node.with?.form ?? undefined;
    return form === undefined || isDynamic(form) ? [] : checkSchema(form, `${path}/with/form`, context);
  },
  forEach: needsBody,
  while: needsBody,
  try: (node, path, at, context) => [
    ...needsBody(node, path, at, context),
    // As a tool of an agent, a `try` only holds steps together.
    ...(node.catch === undefined && node.finally === undefined && !holdsTools(at)
      ? [problem('bad-try', path, 'This `try` has neither `catch` nor `finally`.')]
      : []),
  ],
  race: (node, path, at, context) => {
    const problems = needsBody(node, path, at, context);
    if (problems.length > 0 || portsOf(node, context.catalogue)?.length) return problems;
    return [problem('bad-race', path, 'No node can win this race.')];
  },
  [AGENT]: checkAgent,
  stop: (_node, path, at) => {
    for (let body: BodyAt | undefined = at; body !== undefined; body = body.owner?.within) {
      if (body.kind === 'finally')
        return [problem('stop-in-finally', path, `\`stop\` is in the \`finally\` of ${body.owner?.id}.`)];
    }
    return [];
  },
  merge: (node, path) =>
    node.with?.mode === 'key' && (node.with.key === undefined || node.with.key === null)
      ? [
          problem(
            'missing-parameter',
            `${path}/with/key`,
            '`with.key` is missing: `mode: key` compares elements by it.',
          ),
        ]
      : slips(node, path, ['key']),
  sort: (node, path) => [...fixed(node, path, ['by']), ...slips(node, path, ['by'])],
  removeDuplicates: (node, path) => slips(node, path, ['by']),
  aggregate: (node, path) => [...fixed(node, path, ['groupBy', 'fields']), ...slips(node, path, ['groupBy', 'fields'])],
  'workflow.run': (node, path, _at, context) => {
    const workflow = node.with?.workflow;
    if (typeof workflow !== 'string') return [];
    if (workflow.includes('${{')) {
      if (node.with?.allow === undefined)
        return [problem('missing-allow', `${path}/with/workflow`, 'Which workflow runs is decided by an expression.')];
      const names = list(node.with.allow);
      return [
        ...fixed(node, path, ['allow']),
        ...names.flatMap((name, index) => checkWorkflow(name, `${path}/with/allow/${index}`, context)),
      ];
    }
    return checkWorkflow(workflow, `${path}/with/workflow`, context);
  },
};

/** Checks the rules of a node's type that go beyond its schema. */
export function checkRules(node: GraphNode, path: string, at: BodyAt, context: ValidationContext): Problem[] {
  const { type } = splitUses(node.uses);
  return Object.hasOwn(RULES, type) ? RULES[type]!(node, path, at, context) : [];
}

/** Checks the name of a workflow, wherever one is called. */
export function checkWorkflow(name: Json, path: string, { workflows }: ValidationContext): Problem[] {
  if (typeof name !== 'string' || isDynamic(name)) return [];
  if (!isSlug(name)) return [problem('bad-name', path, `\`${name.slice(0, 80)}\` is not the name of a workflow.`)];
  if (workflows === undefined || workflows.has(name)) return [];
  return [problem('unknown-workflow', path, `There is no workflow \`${name}\`.`)];
}

/** Checks that a constant time is an ISO time. */
function checkTime(until: Json | undefined, path: string): Problem[] {
  if (typeof until !== 'string' || isDynamic(until) || !Number.isNaN(parseIso(until))) return [];
  const message = `\`${until.slice(0, 60)}\` is not an ISO time.`;
  return [problem('bad-parameter', path, message, 'Write it as `2027-01-31T09:00:00Z`; without a zone it is UTC.')];
}

function needsBody(node: GraphNode, path: string, ..._rest: unknown[]): Problem[] {
  return node.nodes === undefined
    ? [problem('missing-field', `${path}/nodes`, `\`${node.uses}\` is a container and needs \`nodes\`.`)]
    : [];
}

function checkCase(each: Json, path: string, seen: Set<string>): Problem[] {
  if (each === null || typeof each !== 'object' || Array.isArray(each)) return [];
  const problems: Problem[] = [];
  const { port, is, when } = each;
  if (typeof port === 'string') {
    if (!isId(port)) problems.push(problem('bad-id', `${path}/port`, `\`${port.slice(0, 80)}\` is not a port.`));
    else if (RESERVED_IDS.has(port) || port === 'default')
      problems.push(problem('bad-case', `${path}/port`, `\`${port}\` cannot be the port of a case.`));
    else if (seen.has(port))
      problems.push(
        problem(
          'bad-case',
          `${path}/port`,
          `The port \`${port}\` appears twice.`,
          'One case can list several constants: `is: [a, b]`.',
        ),
      );
    seen.add(port);
  }
  if ((is === undefined) === (when === undefined))
    problems.push(
      problem(
        'bad-case',
        path,
        is === undefined ? 'The case says neither `is` nor `when`.' : 'The case says both `is` and `when`.',
      ),
    );
  if (is !== undefined && isDynamic(is))
    problems.push(
      problem('expression-not-allowed', `${path}/is`, '`is` compares with constants.', 'Use `when` for a condition.'),
    );
  return problems;
}

/** Parameters read per element that hold no expression: they are the same for every element, which is a mistake. */
function slips(node: GraphNode, path: string, names: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const check = (value: Json | undefined, at: string): void => {
    if (value === undefined || value === null || isDynamic(value)) return;
    problems.push(
      problem(
        'bad-parameter',
        at,
        'This is read for each element, but is constant.',
        'Write an expression, such as `${{ item.id }}`.',
      ),
    );
  };
  for (const name of names) {
    const value = node.with?.[name];
    const at = `${path}/with/${name}`;
    if (splitUses(node.uses).type === 'sort')
      for (const [index, each] of list(value).entries()) check(field(each, 'key'), `${at}/${index}/key`);
    else if (name === 'fields') for (const [key, each] of entries(value)) check(field(each, 'of'), `${at}/${key}/of`);
    else if (name === 'groupBy') for (const [key, each] of entries(value)) check(each, `${at}/${key}`);
    else if (Array.isArray(value)) for (const [index, each] of value.entries()) check(each, `${at}/${index}`);
    else check(value, at);
  }
  return problems;
}

/** Parameters whose structure is read when the graph is published: only the values in them may be expressions. */
function fixed(node: GraphNode, path: string, names: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const check = (value: Json | undefined, at: string): void => {
    if (typeof value !== 'string' || !isDynamic(value)) return;
    problems.push(
      problem(
        'expression-not-allowed',
        at,
        'This is read before the run.',
        'Write it out; its values may be expressions.',
      ),
    );
  };
  for (const name of names) {
    const value = node.with?.[name];
    const at = `${path}/with/${name}`;
    check(value, at);
    if (name === 'groupBy') continue;
    for (const [index, each] of list(value).entries()) check(each, `${at}/${index}`);
    for (const [key, each] of entries(value)) {
      check(each, `${at}/${key}`);
      check(field(each, 'op'), `${at}/${key}/op`);
    }
  }
  return problems;
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const entries = (value: Json | undefined): [string, Json][] =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
const field = (value: Json, name: string): Json | undefined => entries(value).find(([key]) => key === name)?.[1];

/** Whether a value holds an expression. An expression with a problem counts: the problem is reported elsewhere. */
function isDynamic(value: Json): boolean {
  const { template, problems } = compileValue(value);
  return template[0] !== 'v' || problems.length > 0;
}
