import { checkShape } from '../document/shape.ts';
import type { Json } from '../json.ts';
import type { Problem } from '../problems/problem.ts';
import type { Command } from './command.ts';

/**
 * What is wrong with the shape of the nodes or the trigger that a command brings; null: nothing. Checked first, because
 * a command may come from a stranger, and what it brings is worked with before the whole graph is checked.
 */
export function givenProblem(command: Command): Problem | null {
  const parts = partsOf(command);
  if (parts === null) return null;
  const { graph, problems } = checkShape({ blok: 1, name: 'given', nodes: {}, ...parts } as unknown as Json);
  return graph === null ? (problems[0] ?? null) : null;
}

function partsOf(command: Command): object | null {
  switch (command.do) {
    case 'addNode':
      return { nodes: { [command.id]: command.node } };
    case 'addNodes':
      return { nodes: command.nodes };
    case 'wrapNodes':
      return { nodes: { [command.id]: { ...command.container, nodes: {} } } };
    case 'addTrigger':
      return { triggers: { [command.id]: command.trigger } };
    default:
      return null;
  }
}
