import { formatNeed, type Need } from '../../document/links.ts';
import type { Body } from '../../document/types.ts';
import { endNodes, sourcesOf, topologicalIndex, upstreamOf } from '../../structure/order.ts';
import {
  ALWAYS,
  and,
  type Budget,
  choice,
  createDiagram,
  type Diagram,
  except,
  type Fn,
  NEVER,
  OverBudget,
  or,
  requireBudget,
} from './diagram.ts';
import { type BodyContext, firings, linksInto, neededPorts, type Way, waysOf } from './ways.ts';

/**
 * In which outcomes each node of a body starts, runs and succeeds. Null: too complex for the budget, or on or behind a
 * cycle. An outcome is a choice, for every node, of the way it ends, and of the trigger that fired.
 */
export interface Analysis {
  readonly diagram: Diagram;
  readonly upstream: ReadonlyMap<string, ReadonlySet<string>>;
  /** Topological index of each node; nodes on or behind a cycle have none. */
  readonly index: ReadonlyMap<string, number>;
  /** The join is satisfied. */
  readonly starts: ReadonlyMap<string, Fn | null>;
  /** … and the guard lets it run. */
  readonly runs: ReadonlyMap<string, Fn | null>;
  readonly succeeds: ReadonlyMap<string, Fn | null>;
  /** It fails, and the failure is handled or ends the body. */
  readonly fails: ReadonlyMap<string, Fn | null>;
  /** When each link into a node is live, in the order of `needs`. */
  readonly links: ReadonlyMap<string, readonly (readonly [Need, Fn | null])[]>;
  /** The body ends and yields its output: no `stop`, no unhandled `fail`. */
  readonly ends: Fn | null;
}

type FnMaps = [FnMap, FnMap, FnMap, FnMap];
type FnMap = Map<string, Fn | null>;

/** Work that one validation may spend on comparing outcomes: well under a second. */
export const ANALYSIS_BUDGET = 500_000;

/** Analyses one body. Never throws; results that exceed the budget are null. */
export function analyse(body: Body, context: BodyContext, budget: Budget = { left: ANALYSIS_BUDGET }): Analysis {
  const diagram = createDiagram(budget);
  const attempt = within<Fn | null>;
  const needed = neededPorts(body);
  const [starts, runs, succeeds, fails] = Array.from({ length: 4 }, () => new Map<string, Fn | null>()) as FnMaps;
  const links = new Map<string, (readonly [Need, Fn | null])[]>();
  const chosen = new Map<string, Chosen>();
  const triggers = firings(context.triggers);
  let ends: Fn | null = ALWAYS;
  for (const [place, id] of inBranches(body).entries()) {
    const ways = waysOf(id, body, context, needed.get(id));
    const own: Chosen = { ways, variable: place + 1, diagram };
    chosen.set(id, own);
    const into = linksInto(id, body, context).map((need): readonly [Need, Fn | null] => {
      const source = chosen.get(need.source);
      if (source === undefined) return [need, fired(diagram, triggers, need)];
      return [
        need,
        attempt(() =>
          both(
            diagram,
            starts.get(need.source),
            takes(source, (way) => way.port === need.port),
          ),
        ),
      ];
    });
    links.set(id, into);
    const start = attempt(() => joined(diagram, into, body.nodes[id]?.join));
    const leaving = (holds: (way: Way) => boolean): Fn | null => attempt(() => both(diagram, start, takes(own, holds)));
    starts.set(id, start);
    runs.set(
      id,
      leaving((way) => way.status !== 'skipped'),
    );
    succeeds.set(
      id,
      leaving((way) => way.status === 'succeeded'),
    );
    fails.set(
      id,
      leaving((way) => way.status === 'failed'),
    );
    if (ways.some((way) => way.ends)) {
      const last = leaving((way) => way.ends === true);
      ends = ends === null || last === null ? null : attempt(() => except(diagram, ends!, last));
    }
  }
  return {
    diagram,
    upstream: upstreamOf(body),
    index: topologicalIndex(body),
    starts,
    runs,
    succeeds,
    fails,
    links,
    ends,
  };
}

/**
 * The first two links into a node that are not clear: in some outcome both are live, and in another only one is.
 * Outcomes that a `stop` or `fail` of the body ends do not count. `'unknown'` if the budget does not suffice to decide.
 */
export function unclearLinks(analysis: Analysis, id: string): readonly [string, string] | 'unknown' | 'clear' {
  const distinct = new Map<Fn, Need>();
  for (const [need, link] of analysis.links.get(id) ?? []) {
    const live = link === null ? null : counted(analysis, link);
    if (live === null) return 'unknown';
    if (live !== NEVER && !distinct.has(live)) distinct.set(live, need);
  }
  const { diagram } = analysis;
  const links = lastFirst(diagram, [...distinct], ([fn]) => fn);
  const found = within(() => overlap(diagram, links)) ?? 'unknown';
  if (typeof found === 'string') return found;
  // In the order they are written.
  const [first, second] = [...distinct.values()].filter((need) => found.includes(need)).map(formatNeed);
  return [first!, second!];
}

/** When a link is live in an outcome that no `stop` or `fail` ends. */
const counted = ({ diagram, ends }: Analysis, live: Fn): Fn | null =>
  ends === null ? live : within(() => and(diagram, live, ends));

/** Two links that are live together in some outcome, but not in all, because their functions differ. */
function overlap(diagram: Diagram, links: readonly (readonly [Fn, Need])[]): readonly Need[] | 'clear' {
  let seen: Fn = NEVER;
  for (const [index, [live, need]] of links.entries()) {
    if (and(diagram, seen, live) !== NEVER) {
      const other = links.slice(0, index).find(([fn]) => and(diagram, fn, live) !== NEVER);
      if (other !== undefined) return [other[1], need];
    }
    seen = or(diagram, seen, live);
  }
  return 'clear';
}

/** Whether there may be an outcome in which `place` holds and the node has not succeeded, so that its output is null. */
export const mayBeNull = (analysis: Analysis, place: Fn | null | undefined, id: string): boolean =>
  mayLack(analysis, place, analysis.succeeds.get(id));

/** Whether there may be an outcome in which `place` holds and the node has not failed, so that its error is null. */
export const mayHaveNoError = (analysis: Analysis, place: Fn | null | undefined, id: string): boolean =>
  mayLack(analysis, place, analysis.fails.get(id));

/** Whether the node may run without a failure that started it: `error` is then null, unless one is handled around. */
export function mayStartWithoutError(analysis: Analysis, id: string): boolean {
  const failures = (analysis.links.get(id) ?? []).filter(([{ port }]) => port === 'error' || port === 'timeout');
  const live = within(() => failures.reduce<Fn>((any, [, fn]) => or(analysis.diagram, any, fn ?? NEVER), NEVER));
  return mayLack(analysis, analysis.starts.get(id), live);
}

function mayLack(analysis: Analysis, place: Fn | null | undefined, wanted: Fn | null | undefined): boolean {
  if (place === null || place === undefined || wanted === null || wanted === undefined) return true;
  return within(() => except(analysis.diagram, place, wanted)) !== NEVER;
}

interface Chosen {
  readonly ways: readonly Way[];
  readonly variable: number;
  readonly diagram: Diagram;
}

/** The outcomes in which a node, once started, ends one of these ways. */
function takes({ diagram, variable, ways }: Chosen, holds: (way: Way) => boolean): Fn {
  if (ways.length === 0) return NEVER;
  // Check before the work, not after it: a switch may have thousands of cases, and a node for each.
  requireBudget(diagram, ways.length);
  return choice(diagram, variable, ways.map(holds));
}

/** When the trigger of a link has fired; the trigger is the first variable of the diagram. */
function fired(diagram: Diagram, triggers: readonly (string | null)[], need: Need): Fn | null {
  if (!triggers.includes(need.source)) return null;
  return within(() =>
    choice(
      diagram,
      0,
      triggers.map((id) => id === need.source),
    ),
  );
}

function joined(
  diagram: Diagram,
  links: readonly (readonly [Need, Fn | null])[],
  join: 'any' | 'all' = 'any',
): Fn | null {
  if (links.length === 0) return ALWAYS;
  let result: Fn = join === 'all' ? ALWAYS : NEVER;
  for (const [, live] of lastFirst(diagram, links, ([, fn]) => fn)) {
    if (live === null) return null;
    result = join === 'all' ? and(diagram, result, live) : or(diagram, result, live);
  }
  return result;
}

/** Functions of later variables come first: each new function is then added on top, and the joined part stays as is. */
function lastFirst<T>(diagram: Diagram, list: readonly T[], fnOf: (entry: T) => Fn | null): T[] {
  const first = (entry: T): number => diagram.variable[fnOf(entry) ?? NEVER] ?? 0;
  return [...list].sort((a, b) => first(b) - first(a));
}

function both(diagram: Diagram, start: Fn | null | undefined, way: Fn): Fn | null {
  return start === null || start === undefined ? null : and(diagram, start, way);
}

function within<T>(work: () => T): T | null {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof OverBudget) return null;
    throw thrown;
  }
}

/**
 * Ids in an order in which sources come first and each branch stays together: if the choices of one branch are next to
 * each other, diagrams of many parallel branches stay small. Nodes on or behind a cycle come last.
 */
function inBranches(body: Body): string[] {
  const index = topologicalIndex(body);
  const sources = sourcesOf(body);
  const order = new Set<string>();
  const visit = (root: string): void => {
    const stack = [root];
    while (stack.length > 0) {
      const id = stack.at(-1)!;
      const next = order.has(id) ? undefined : sources.get(id)?.find((source) => !order.has(source));
      if (next !== undefined) stack.push(next);
      else order.add(stack.pop()!);
    }
  };
  for (const id of [...endNodes(body), ...sources.keys()]) if (index.has(id)) visit(id);
  return [...order, ...[...sources.keys()].filter((id) => !order.has(id))];
}
