import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Subject } from './subject.ts';

/** Finds triggers whose connection is missing. The graph can be published, and the trigger waits for the connection. */
export function triggerWaits({ graph, context: { connections } }: Subject): Problem[] {
  if (!connections) return [];
  return Object.entries(graph.triggers ?? {}).flatMap(([id, { connection }]) => {
    if (connection === undefined || connection.includes('${{') || connections.has(connection)) return [];
    const message = `There is no connection \`${connection}\`.${didYouMean(connection, connections.keys())}`;
    return [problem('trigger-waits', `/triggers/${escapeSegment(id)}/connection`, message)];
  });
}
