import type { Graph } from '../../document/types.ts';
import type { ValidationContext } from '../../node-types/context.ts';
import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { checkSchema } from '../schemas/check-json-schema.ts';
import { checkLimits } from './check-limits.ts';
import { durationProblem } from './check-retry.ts';
import { checkWorkflow } from './check-rules.ts';
import { findSecrets } from './secrets.ts';

/** Checks the fields of the graph itself. */
export function checkDocument(graph: Graph, context: ValidationContext): Problem[] {
  const problems: Problem[] = [];
  if (graph.input !== undefined) problems.push(...checkSchema(graph.input, '/input', context));
  for (const [name, value] of Object.entries(graph.vars ?? {})) {
    const path = `/vars/${escapeSegment(name)}`;
    problems.push(...findSecrets(value, path, name));
    if (JSON.stringify(value).includes('${{'))
      problems.push(
        problem(
          'expression-not-allowed',
          path,
          `The default of \`${name}\` is a constant; it is not read as an expression.`,
        ),
      );
  }
  if (graph.timeout !== undefined) problems.push(...durationProblem(graph.timeout, '/timeout', true));
  if (graph.onFailure !== undefined) problems.push(...checkWorkflow(graph.onFailure, '/onFailure', context));
  return [...problems, ...checkLimits(graph)];
}
