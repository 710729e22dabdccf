import type { PlanNode } from '../../plan/types.ts';

/**
 * The port by which a step leaves whose output somebody has given. Nodes that choose say with their output which port
 * they leave by.
 *
 * @returns null if the output names no port of the node
 */
export function givenPort({ uses, effect }: Pick<PlanNode, 'uses' | 'effect'>, output: unknown): string | null {
  switch (uses) {
    case 'if':
      return typeof output === 'boolean' ? String(output) : null;
    case 'switch':
      return typeof output === 'string' ? output : null;
    case 'approval':
      return oneOf(member(output, 'decision'), ['approved', 'rejected']);
    case 'race':
      return oneOf(member(output, 'winner'), null);
    default:
      return effect?.ports ? oneOf(member(output, 'port'), effect.ports) : 'out';
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

const oneOf = (value: unknown, ports: readonly string[] | null): string | null =>
  typeof value === 'string' && (ports === null || ports.includes(value)) ? value : null;
