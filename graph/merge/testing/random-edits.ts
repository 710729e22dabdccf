/** Random sides of a merge: what somebody may have made of a graph. */
import type { Graph, GraphNode } from '../../document/types.ts';
import { type Command, edit } from '../../edit/index.ts';
import type { Json } from '../../json.ts';
import type { Draw } from '../../run-state/testing/random-graphs.ts';
import { type BodyAt, bodiesOf, nodePath } from '../../structure/bodies.ts';

/** Which edits a side makes. */
export interface Hand {
  /** Begins everything that only this side says, so that it can be found again. */
  readonly name: string;
  readonly draw: Draw;
  /** Nodes may get other ids and other bodies. */
  readonly elsewhere: boolean;
  /** Edits that leave something else than this are taken back. */
  readonly accept?: (graph: Graph) => boolean;
}

/** A graph after some edits, and what was done. */
export interface Edited {
  readonly graph: Graph;
  readonly commands: readonly Command[];
}

/** Makes up to `most` edits. */
export function randomEdits(graph: Graph, hand: Hand, most: number): Edited {
  let edited = graph;
  const commands: Command[] = [];
  for (let left = hand.draw(most + 1), n = 0; left > 0; left -= 1, n += 1) {
    const command = randomCommand(edited, hand, `${hand.name}${n}`);
    if (command === null) continue;
    const { graph: next, problems } = edit(edited, command);
    if (problems !== undefined || hand.accept?.(next) === false) continue;
    edited = next;
    commands.push(command);
  }
  return { graph: edited, commands };
}

const FIELDS = ['/label', '/description', '/timeout', '/output', '/vars', '/concurrency', '/notes/n1', '/meta/tool'];

/** One edit; `token` appears wherever it says something new. Null if there is nothing to do it with. */
function randomCommand(graph: Graph, { draw, elsewhere }: Hand, token: string): Command | null {
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)]!;
  const at = pick(bodiesOf(graph));
  // Few nodes, so that two sides often change the same one.
  const ids = Object.keys(at.body.nodes).slice(0, 3);
  const body = at.path;
  if (ids.length === 0) return { do: 'addNode', body, id: token, node: remark(token) };
  const id = pick(ids);
  switch (draw(elsewhere ? 14 : 9)) {
    case 0:
      return { do: 'addNode', body, id: token, node: { ...remark(token), needs: [linkFrom(at, id)] } };
    case 1:
      return { do: 'removeNode', body, id };
    case 2:
      return { do: 'link', body, from: linkFrom(at, id), to: pick(ids) };
    case 3: {
      const needs = at.body.nodes[id]!.needs ?? [];
      return needs.length === 0 ? null : { do: 'unlink', body, from: pick(needs), to: id };
    }
    case 4:
      return { do: 'setParameter', path: pick(FIELDS), ...(draw(4) === 0 ? {} : { value: fieldValue(draw, token) }) };
    case 5:
      return { do: 'setParameter', path: `${nodePath(at, id)}/position`, value: { x: draw(99), y: draw(99) } };
    case 6:
      return setIn(`${nodePath(at, id)}/${pick(['label', 'join', 'if', 'onError', 'timeout'])}`, draw, token);
    case 7:
    case 8:
      return setIn(`${nodePath(at, id)}/with/${pick(['value', 'x', 'y', 'for', 'items'])}`, draw, token);
    case 9:
      return { do: 'wrapNodes', body, ids: [id], id: token, container: { uses: 'try' } };
    case 10:
      return { do: 'moveNodes', body, ids: [id], to: pick(bodiesOf(graph)).path };
    case 11:
      return { do: 'unwrap', body, id };
    default:
      return { do: 'renameNode', body, id, to: token };
  }
}

const remark = (token: string): GraphNode => ({ uses: 'log', with: { message: token } });

/** A link from a node, by a port that it has in most cases. */
function linkFrom({ body }: BodyAt, id: string): string {
  const type = body.nodes[id]!.uses;
  const port = { if: '.true', approval: '.approved', race: '.error' }[type] ?? '';
  return id + port;
}

function setIn(path: string, draw: Draw, token: string): Command {
  const values: Readonly<Record<string, Json>> = {
    join: 'all',
    onError: 'continue',
    timeout: `${1 + draw(50)}m`,
    if: true,
  };
  const value = values[path.split('/').at(-1)!] ?? (draw(3) === 0 ? { [token]: [token] } : token);
  return { do: 'setParameter', path, ...(draw(5) === 0 ? {} : { value }) };
}

function fieldValue(draw: Draw, token: string): Json {
  return [token, { [token]: token }, { limit: 1 + draw(9), key: token }, `${1 + draw(50)}m`][draw(4)]!;
}
