import { splitUses } from '../../document/names.ts';
import type { Graph } from '../../document/types.ts';
import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { nodePath } from '../../structure/bodies.ts';
import type { Subject } from './subject.ts';

/** Finds a graph that starts itself again: by a node, or when it fails. */
export function callsItself({ graph, bodies }: Subject): Problem[] {
  const { name } = graph;
  if (name === '') return [];
  const problems: Problem[] = [];
  const says = (path: string, message: string, hint?: string): unknown =>
    problems.push(problem('calls-itself', path, message, hint));
  if (graph.onFailure === name)
    says(
      '/onFailure',
      `A failed run of ${name} starts ${name} again, and again if that fails.`,
      'Name another workflow.',
    );
  for (const [id, { uses, with: given }] of Object.entries(graph.triggers ?? {})) {
    if (splitUses(uses).type !== 'failure' || given?.workflow !== name) continue;
    const message = `A failed run of ${name} starts ${name} again, and again if that fails.`;
    says(`/triggers/${escapeSegment(id)}/with/workflow`, message, 'Name another workflow.');
  }
  const heard = eventsThatStart(graph);
  for (const at of bodies) {
    for (const [id, node] of Object.entries(at.body.nodes)) {
      for (const [part, inline] of [
        ['', node],
        ['/compensate', node.compensate],
        ['/notify', node.notify],
      ] as const) {
        const { type } = splitUses(inline?.uses ?? '');
        const path = `${nodePath(at, id)}${part}/with`;
        const { workflow, allow, event } = inline?.with ?? {};
        if (type === 'event.emit' && heard.has(event))
          says(`${path}/event`, `${id} sends ${event}, which starts ${name}.`);
        if (type !== 'workflow.run') continue;
        if (workflow === name) says(`${path}/workflow`, `${id} starts ${name}, the workflow it is part of.`);
        else if (Array.isArray(allow) && allow.includes(name))
          says(`${path}/allow/${allow.indexOf(name)}`, `${id} may start ${name}, the workflow it is part of.`);
      }
    }
  }
  return problems;
}

/** Names of the events that start the graph whatever they hold. A trigger with an `if` chooses among them. */
function eventsThatStart({ triggers }: Graph): ReadonlySet<unknown> {
  const events = Object.values(triggers ?? {}).filter(
    ({ uses, if: guard }) => splitUses(uses).type === 'event' && guard === undefined,
  );
  return new Set(events.map(({ with: given }) => given?.event));
}
