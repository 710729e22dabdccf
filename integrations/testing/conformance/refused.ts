import type { OpenConnection } from '../../context.ts';
import type { NodeType } from '../../define.ts';
import { refusingNetwork } from '../../network/refusing.ts';
import { commonProblems, connectionsOf, mostEqual, tryNode } from './trial.ts';

/**
 * What is wrong with how a node behaves behind a guard that refuses everything: it may not open a socket past the guard,
 * not try again by itself, not report success, and not hang.
 */
export async function refusedProblems(node: NodeType): Promise<string[]> {
  const problems = new Set<string>();
  for (const connection of connectionsOf(node)) {
    for (const { with: parameters } of node.examples)
      for (const problem of await tryRefused(node, parameters, connection)) problems.add(problem);
  }
  return [...problems];
}

async function tryRefused(node: NodeType, parameters: unknown, connection: OpenConnection | null): Promise<string[]> {
  const asked: string[] = [];
  const trial = await tryNode(node, parameters, {
    connection,
    network: refusingNetwork((what) => void asked.push(what)),
  });
  const problems = [...commonProblems(trial, 'If the guard refuses')];
  const repeated = mostEqual(asked);
  if (repeated > 1) problems.push(`If the guard refuses, it tries again by itself, ${repeated} times in all.`);
  if (asked.length > 0 && trial.outcome === 'done') problems.push('If the guard refuses, it reports success.');
  return problems;
}
