import { expandAgents } from '../compile/expand-agents.ts';
import type { Graph } from '../document/types.ts';
import { nodeOf } from '../dry-run/index.ts';
import { parseDuration } from '../duration.ts';
import { builtinType } from '../node-types/builtin-types.ts';
import { toPointer } from '../pointer.ts';
import { problem } from '../problems/codes.ts';
import { didYouMean } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import { bodiesOf } from '../structure/bodies.ts';
import { timeOf } from './time.ts';
import type { Case, Setting, Suite } from './types.ts';

type Path = readonly (string | number)[];

/** What the names of a suite are checked against. */
interface Known {
  /** Type by node id; ids of nodes with `compensate` or `notify` also with that suffix. */
  readonly types: ReadonlyMap<string, string>;
  readonly triggers: readonly string[];
  readonly vars: readonly string[];
}

const NAMES_HINT = 'Write a node id of the graph, or a step path such as `each[0].charge`.';

/** What is wrong with a suite whose shape is right: names that the graph does not have, and times that are none. */
export function checkSuite({ defaults = {}, cases }: Suite, graph: Graph): Problem[] {
  const known = knownOf(graph);
  const names = new Set<string>();
  return [
    ...checkSetting(defaults, known, ['defaults']),
    ...cases.flatMap((one, index) => {
      const again = names.has(one.name);
      names.add(one.name);
      const path = ['cases', index];
      return [
        ...(again ? [wrong([...path, 'name'], `Two cases are called \`${one.name}\`.`, 'Rename one of them.')] : []),
        ...checkCase(one, known, path),
      ];
    }),
  ];
}

function knownOf(graph: Graph): Known {
  const types = new Map<string, string>();
  // The steps of an agent have names of their own.
  for (const { body } of [...bodiesOf(expandAgents(graph)), ...bodiesOf(graph)]) {
    for (const [id, node] of Object.entries(body.nodes)) {
      types.set(id, node.uses);
      if (node.compensate) types.set(`${id}.compensate`, node.compensate.uses);
      if (node.notify) types.set(`${id}.notify`, node.notify.uses);
    }
  }
  return { types, triggers: Object.keys(graph.triggers ?? {}), vars: Object.keys(graph.vars ?? {}) };
}

function checkCase(one: Case, known: Known, path: Path): Problem[] {
  const { trigger, events = [], cancel, expect } = one;
  const id = typeof trigger === 'string' ? trigger : trigger?.id;
  const effects = [
    ...(expect.effects ?? []).map((effect, index) => [effect, ['effects', index]] as const),
    ...(expect.effectsInOrder ?? []).map((effect, index) => [effect, ['effectsInOrder', index]] as const),
  ];
  return [
    ...checkSetting(one, known, path),
    ...(id === undefined || known.triggers.includes(id) ? [] : [noTrigger(id, known, [...path, 'trigger'])]),
    ...events.flatMap(({ at }, index) => checkTime(at, [...path, 'events', index, 'at'])),
    ...checkTime(cancel, [...path, 'cancel']),
    ...Object.keys(expect.steps ?? {}).flatMap((name) => checkName(name, known, [...path, 'expect', 'steps', name])),
    ...effects.flatMap(([effect, at]) => {
      const step = typeof effect === 'string' ? effect : effect.step;
      return step === undefined ? [] : checkEffect(step, known, [...path, 'expect', ...at]);
    }),
  ];
}

function checkSetting({ clock, vars = {}, pins = {}, failures = {}, takes = {} }: Setting, known: Known, path: Path) {
  return [
    ...(clock === undefined || timeOf(clock, Number.NaN) !== null
      ? []
      : [wrong([...path, 'clock'], `\`${clock}\` is no ISO time.`, 'Write such as `2026-03-01T09:00:00Z`.')]),
    ...Object.keys(vars).flatMap((name) => checkVariable(name, known, [...path, 'vars', name])),
    ...Object.keys(pins).flatMap((name) => checkPin(name, known, [...path, 'pins', name])),
    ...Object.keys(failures).flatMap((name) => checkEffect(name, known, [...path, 'failures', name])),
    ...Object.entries(takes).flatMap(([name, duration]) => [
      ...checkEffect(name, known, [...path, 'takes', name]),
      ...(parseDuration(duration) === null
        ? [wrong([...path, 'takes', name], `\`${duration}\` is not a duration.`, 'Write such as `30s` or `1h30m`.')]
        : []),
    ]),
  ];
}

function checkName(name: string, { types }: Known, path: Path): Problem[] {
  const id = nodeOf(name);
  if (types.has(id)) return [];
  const [owner] = id.split('.');
  const message = types.has(owner!)
    ? `The node ${owner} has no \`${id.slice(owner!.length + 1)}\`.`
    : `There is no node ${id} in the graph.${didYouMean(id, types.keys())}`;
  return [problem('unknown-node', toPointer(path), message, NAMES_HINT)];
}

function checkEffect(name: string, known: Known, path: Path): Problem[] {
  const missing = checkName(name, known, path);
  const uses = known.types.get(nodeOf(name));
  if (missing.length > 0 || uses === undefined || isEffect(uses)) return missing;
  const hint = 'Only effects (nodes that do something outside the run) can fail, take time, or be expected as effects.';
  return [wrong(path, `${name} is no effect: it is a node of the type \`${uses}\`.`, hint)];
}

function checkPin(name: string, known: Known, path: Path): Problem[] {
  const uses = known.types.get(nodeOf(name));
  if (uses === undefined || isEffect(uses) || uses === 'approval') return checkName(name, known, path);
  const hint = 'What the run computes itself cannot be pinned; pin the effects that it reads.';
  return [wrong(path, `${name} is a node of the type \`${uses}\`, which needs no answer.`, hint)];
}

function checkVariable(name: string, { vars }: Known, path: Path): Problem[] {
  if (vars.includes(name)) return [];
  return [
    wrong(
      path,
      `The graph has no variable \`${name}\`.${didYouMean(name, vars)}`,
      'Declare it under `vars` of the graph.',
    ),
  ];
}

function checkTime(text: string | undefined, path: Path): Problem[] {
  if (text === undefined || timeOf(text, 0) !== null) return [];
  return [
    wrong(path, `\`${text}\` is neither a duration nor an ISO time.`, 'Write such as `2d` or `2026-03-01T09:00:00Z`.'),
  ];
}

function noTrigger(id: string, { triggers }: Known, path: Path): Problem {
  const has = triggers.length > 0 ? `It has: ${triggers.join(', ')}.` : 'It has none: leave `trigger` out.';
  return wrong(path, `The graph has no trigger \`${id}\`.${didYouMean(id, triggers)}`, has);
}

const wrong = (path: Path, message: string, hint: string): Problem =>
  problem('bad-value', toPointer(path), message, hint);

const isEffect = (uses: string): boolean => builtinType(uses) === undefined;
