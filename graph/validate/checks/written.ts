import { compileValue } from '../../expression/parse.ts';
import type { Json } from '../../json.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';

/** Reports an expression in a value that is read when the graph is published. */
export function written(value: Json | undefined, path: string, what: string): Problem[] {
  if (value === undefined) return [];
  const { template, problems } = compileValue(value);
  // An expression with a problem is reported elsewhere.
  if (template[0] === 'v' || problems.length > 0) return [];
  return [problem('expression-not-allowed', path, `${what} is fixed when the graph is published.`, 'Write it out.')];
}
