import { checkShape } from '../document/shape.ts';
import type { Body, Graph } from '../document/types.ts';
import type { Json } from '../json.ts';
import { fromPointer } from '../pointer.ts';
import { problem } from '../problems/codes.ts';
import { didYouMean } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import type { Command } from './command.ts';
import { givenProblem } from './given.ts';
import { idProblem } from './id-problem.ts';
import { addLane, removeLane } from './lanes.ts';
import { link, removeNodes, unlink } from './links.ts';
import { addNodes, moveNodes } from './paste.ts';
import { renameIds } from './rename-ids.ts';
import { replaceType } from './replace-type.ts';
import { bodyAt, setIn, withNodes } from './tree.ts';
import { addTrigger, removeTrigger, renameTrigger } from './triggers.ts';
import { unwrap } from './unwrap.ts';
import { wrapNodes } from './wrap.ts';

export type { Command } from './command.ts';

/** The graph after a command; or the unchanged graph, and the problems that kept the command from being applied. */
export interface Edited {
  readonly graph: Graph;
  readonly problems?: readonly Problem[];
}

/**
 * Applies one command. Pure: the given graph is not changed, and the new graph shares all unchanged parts. The new
 * graph is not validated, because a graph may be unfinished while it is edited.
 *
 * @example edit(graph, { do: 'renameNode', id: 'a', to: 'fetchOrders' }).graph
 */
export function edit(graph: Graph, command: Command): Edited {
  const result = givenProblem(command) ?? apply(graph, command);
  if (isProblem(result)) return { graph, problems: [result] };
  // The result is not validated, but it must have the shape of a graph, or nothing could work with it.
  const { graph: usable, problems } = checkShape(result);
  return usable === null ? { graph, problems } : { graph: result };
}

const isProblem = (result: Graph | Problem): result is Problem => !('nodes' in result) && 'code' in result;

function apply(graph: Graph, command: Command): Graph | Problem {
  switch (command.do) {
    case 'setParameter':
      return setParameter(graph, command.path, command.value);
    case 'addTrigger':
      return addTrigger(graph, command.id, command.trigger);
    case 'removeTrigger':
      return removeTrigger(graph, command.id);
    case 'renameTrigger':
      return renameTrigger(graph, command.id, command.to);
    case 'batch':
      return batch(graph, command.commands);
    default: {
      const pointer = command.body ?? '';
      const body = bodyAt(graph, pointer);
      return body === undefined ? noBody(pointer) : applyIn(graph, pointer, body, command);
    }
  }
}

/** Commands about nodes of one body. */
type InBody = Exclude<
  Command,
  { readonly do: 'setParameter' | 'addTrigger' | 'removeTrigger' | 'renameTrigger' | 'batch' }
>;

function applyIn(graph: Graph, pointer: string, body: Body, command: InBody): Graph | Problem {
  const absent = namedIn(command)
    .map((id) => missing(body, pointer, id))
    .find((found) => found !== null);
  if (absent) return absent;
  switch (command.do) {
    case 'addNode':
      return (
        idProblem(graph, pointer, command.id) ??
        withNodes(graph, pointer, { ...body.nodes, [command.id]: command.node })
      );
    case 'addNodes':
      return addNodes(graph, pointer, command.nodes);
    case 'removeNode':
      return removeNodes(graph, pointer, new Set([command.id]));
    case 'renameNode':
      if (command.id === command.to) return graph;
      return (
        idProblem(graph, pointer, command.to) ??
        renameIds(graph, new Map([[`${pointer}/nodes/${command.id}`, command.to]]))
      );
    case 'link':
      return link(graph, pointer, body, command.from, command.to);
    case 'unlink':
      return unlink(graph, pointer, body, command.from, command.to);
    case 'wrapNodes':
      return (
        idProblem(graph, pointer, command.id) ?? wrapNodes(graph, pointer, command.ids, command.id, command.container)
      );
    case 'unwrap':
      return unwrap(graph, pointer, command.id);
    case 'moveNodes':
      return bodyAt(graph, command.to) === undefined
        ? noBody(command.to)
        : move(graph, pointer, command.ids, command.to);
    case 'replaceType':
      return replaceType(graph, pointer, body, { id: command.id, uses: command.uses, parameters: command.with });
    case 'addLane':
      return addLane(graph, pointer, body, command.id, command.lane);
    case 'removeLane':
      return removeLane(graph, pointer, body, command.id, command.lane);
  }
}

/** The nodes that a command needs to find. */
function namedIn(command: InBody): readonly string[] {
  switch (command.do) {
    case 'addNode':
    case 'addNodes':
      return [];
    case 'link':
    case 'unlink':
      return [command.to];
    case 'wrapNodes':
    case 'moveNodes':
      return command.ids;
    default:
      return [command.id];
  }
}

function batch(graph: Graph, commands: readonly Command[]): Graph | Problem {
  let result = graph;
  for (const command of commands) {
    const { graph: next, problems } = edit(result, command);
    if (problems?.[0] !== undefined) return problems[0];
    result = next;
  }
  return result;
}

/** A body cannot be moved into itself. */
function move(graph: Graph, pointer: string, ids: readonly string[], to: string): Graph | Problem {
  const inside = ids.find((id) => `${to}/`.startsWith(`${pointer}/nodes/${id}/`));
  if (inside !== undefined) return problem('bad-value', to, `\`${inside}\` cannot be moved into itself.`);
  return to === pointer ? graph : moveNodes(graph, pointer, ids, to);
}

const noBody = (pointer: string): Problem =>
  problem(
    'bad-value',
    pointer,
    `There is no body at \`${pointer}\`.`,
    'Name the container that holds the nodes, such as `/nodes/each`.',
  );

function missing(body: Body, pointer: string, id: string): Problem | null {
  if (Object.hasOwn(body.nodes, id)) return null;
  return problem(
    'unknown-node',
    `${pointer}/nodes`,
    `There is no node \`${id}\` here.${didYouMean(id, Object.keys(body.nodes))}`,
  );
}

function setParameter(graph: Graph, path: string, value: Json | undefined): Graph | Problem {
  try {
    const segments = fromPointer(path);
    if (segments.length === 0 || !path.startsWith('/'))
      throw new RangeError('A part of the graph must be named, such as `/nodes/a/with/url`.');
    return setIn(graph as unknown as Json, segments, value) as unknown as Graph;
  } catch (thrown) {
    if (thrown instanceof RangeError) return problem('bad-value', path, thrown.message, 'Correct the path.');
    throw thrown;
  }
}
